import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type Authority, makeServerCertificates } from "@/lib/access/devices/authority/make";
import { openAuthority, saveCertificateState } from "@/lib/access/devices/authority/store";
import { DAY_MS, elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { readCertificateFiles } from "./certificate-files";

const LOOK_EVERY_MS = 10 * SECOND_MS;
/** Between two looks a program may just be replacing the files. */
const LASTING = 2;
/** One of the local authority is replaced when it has less than this left. */
const OWN_LEFT_MS = 60 * DAY_MS;

/** The certificate that devices see: the operator's files as they are now, or one of the local authority. */
export class GatewayCertificate {
  /** Undefined while there is none: no connection can be encrypted then. */
  context: SecureContext | undefined;
  /** The same for listeners that were opened to devices of TLS 1.0 and 1.1. */
  oldContext: SecureContext | undefined;
  #shown = "";
  #validity: Validity | undefined;
  #failures = 0;
  #told = "";
  #next: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  readonly #now: () => Promise<Date>;

  /** @param now the clock that all gateways agree on */
  constructor(now = databaseNow) {
    this.#now = now;
  }

  /** Files that can't be used at the start are an incident at once, and read again until they can. */
  async start(): Promise<void> {
    this.#failures = LASTING - 1;
    await this.load();
  }

  /** Both files are read and belong together before new connections see them; otherwise the last ones stay. */
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
    // Not before this one has ended: files on a system that does not answer would hold more and more of the process.
    this.#next = setTimeout(() => void this.load(), LOOK_EVERY_MS).unref();
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

  /** An incident warns of a certificate that ends soon, and of files that can't be used. */
  async #tell(): Promise<void> {
    const fails = env().deviceCertificate !== undefined && this.#failures >= LASTING;
    const until = this.#validity?.until ?? null;
    // Told again while it lasts: another gateway may have said that all is well.
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

  /** One of each kind of key. None while those that are shown stay. */
  async #find(): Promise<Authority[]> {
    const { deviceCertificate: files, deviceHost } = env();
    if (files) return [await readCertificateFiles(files)];
    const now = await this.#now();
    // Of a clock that was set since, it may begin later than now or have ended.
    const { from, until } = this.#validity ?? NONE;
    if (from <= now && until.getTime() - now.getTime() > OWN_LEFT_MS) return [];
    const names = [...new Set([deviceHost, "localhost", "127.0.0.1", "::1"])];
    return makeServerCertificates(await openAuthority(), { names, now });
  }
}

type Validity = { from: Date; until: Date };
const NONE: Validity = { from: new Date(0), until: new Date(0) };

/** From when, and until when, all certificates of a chain are valid. */
function validityOf(chain: string): Validity {
  const parts = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const all = parts.map((part) => new X509Certificate(part));
  return {
    from: new Date(Math.max(...all.map(({ validFrom }) => Date.parse(validFrom)))),
    until: new Date(Math.min(...all.map(({ validTo }) => Date.parse(validTo)))),
  };
}

/** RFC 8997: TLS 1.2 is the least. */
const NEW_TLS: SecureContextOptions = { minVersion: "TLSv1.2" };
/** OpenSSL signs for TLS 1.0 and 1.1 with SHA-1, which only this level allows. */
const OLD_TLS: SecureContextOptions = { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" };

/** @throws Error of OpenSSL */
function contextOf(pairs: readonly Authority[], versions = NEW_TLS): SecureContext {
  const cert = pairs.map(({ certificate }) => certificate);
  const key = pairs.map(({ privateKey }) => privateKey);
  return createSecureContext({ cert, key, ...versions });
}
