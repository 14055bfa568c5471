import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type Authority, makeServerCertificates } from "@/lib/devices/authority/make";
import { openAuthority, saveCertificateState } from "@/lib/devices/authority/store";
import { DAY_MS, elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { readCertificateFiles } from "./certificate-files";

/** The first look may fall between the replacement of both files. */
const LASTING = 2;
/** A certificate of the local authority is replaced when less is left. */
const OWN_LEFT_MS = 60 * DAY_MS;

export class GatewayCertificate {
  /** Undefined: no connection can be encrypted. */
  context: SecureContext | undefined;
  /** For listeners open to TLS 1.0 and 1.1. */
  oldContext: SecureContext | undefined;
  #shown = "";
  #validity: Validity | undefined;
  #failures = 0;
  #told = "";
  #next: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  readonly #now: () => Promise<Date>;

  constructor(now = databaseNow) {
    this.#now = now;
  }

  async start(): Promise<void> {
    this.#failures = LASTING - 1;
    await this.load();
  }

  async load(): Promise<void> {
    clearTimeout(this.#next);
    try {
      const pairs = await this.#find();
      const shown = JSON.stringify(pairs);
      if (pairs.length > 0 && shown !== this.#shown) this.#show(pairs, shown);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures <= LASTING)
        log.warn({ error }, "the gateway's certificate for devices can't be loaded");
    }
    if (this.#isStopped) return;
    await this.#tell();
    // One read at a time: reads from a hanging file system would pile up.
    this.#next = setTimeout(() => void this.load(), 10 * SECOND_MS).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#next);
  }

  #show(pairs: readonly Authority[], shown: string): void {
    const [context, oldContext] = [contextOf(pairs), contextOf(pairs, OLD_TLS)];
    Object.assign(this, { context, oldContext });
    this.#shown = shown;
    this.#validity = validityOf(pairs.map(({ certificate }) => certificate).join("\n"));
    log.info("the gateway's certificate for devices is loaded");
  }

  async #tell(): Promise<void> {
    const fails = env().deviceCertificate !== undefined && this.#failures >= LASTING;
    const until = this.#validity?.until ?? null;
    // Repeated, because another gateway may have cleared it.
    const span = Math.floor(elapsed() / (fails ? MINUTE_MS : HOUR_MS));
    const news = `${until?.getTime()} ${fails} ${span}`;
    if (news === this.#told) return;
    try {
      await saveCertificateState({ until, fails });
      this.#told = news;
    } catch (error) {
      log.warn({ error }, "what is to be known of the gateway's certificate can't be stored");
    }
  }

  async #find(): Promise<Authority[]> {
    const { deviceCertificate: files, deviceHost } = env();
    if (files) return [await readCertificateFiles(files)];
    const now = await this.#now();
    // The clock may have been set since.
    const { from, until } = this.#validity ?? NONE;
    if (from <= now && until.getTime() - now.getTime() > OWN_LEFT_MS) return [];
    const names = [...new Set([deviceHost, "localhost", "127.0.0.1", "::1"])];
    return makeServerCertificates(await openAuthority(), { names, now });
  }
}

type Validity = { from: Date; until: Date };
const NONE: Validity = { from: new Date(0), until: new Date(0) };

function validityOf(chain: string): Validity {
  const parts = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const all = parts.map((part) => new X509Certificate(part));
  return {
    from: new Date(Math.max(...all.map(({ validFrom }) => Date.parse(validFrom)))),
    until: new Date(Math.min(...all.map(({ validTo }) => Date.parse(validTo)))),
  };
}

/** RFC 8997 */
const NEW_TLS: SecureContextOptions = { minVersion: "TLSv1.2" };
/** OpenSSL uses SHA-1 for these, which needs this level. */
const OLD_TLS: SecureContextOptions = { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" };

function contextOf(pairs: readonly Authority[], versions = NEW_TLS): SecureContext {
  const cert = pairs.map(({ certificate }) => certificate);
  const key = pairs.map(({ privateKey }) => privateKey);
  return createSecureContext({ cert, key, ...versions });
}
