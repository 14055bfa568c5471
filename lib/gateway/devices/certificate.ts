import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type Authority, makeServerCertificates } from "@/lib/access/devices/authority/make";
import { openAuthority, saveCertificateEnd } from "@/lib/access/devices/authority/store";
import { DAY_MS, elapsed, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";

const LOOK_EVERY_MS = 10 * SECOND_MS;
const TELL_EVERY_MS = HOUR_MS;
/** One of the local authority lives longer than most processes; a process that lives longer takes another. */
const OWN_LASTS_MS = 300 * DAY_MS;

/** The certificate that devices see: the operator's files as they are now, or one of the local authority. */
export class GatewayCertificate {
  #context: SecureContext | undefined;
  #oldContext: SecureContext | undefined;
  #shown = "";
  #madeAt = 0;
  #endsAt: Date | undefined;
  #toldAt = -TELL_EVERY_MS;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    this.#timer = setInterval(() => void this.load(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Undefined while there is none: no connection can be encrypted then. */
  get context(): SecureContext | undefined {
    return this.#context;
  }

  /** The same for listeners that were opened to devices of TLS 1.0 and 1.1. */
  get oldContext(): SecureContext | undefined {
    return this.#oldContext;
  }

  /** Both files are read and belong together before new connections see them; otherwise the last ones stay. */
  async load(): Promise<void> {
    await this.#replace();
    await this.#tell();
  }

  async #replace(): Promise<void> {
    try {
      const pairs = await this.#find();
      const shown = JSON.stringify(pairs);
      if (pairs.length === 0 || shown === this.#shown) return;
      this.#context = contextOf(pairs);
      this.#oldContext = contextOf(pairs, OLD_TLS);
      this.#shown = shown;
      this.#endsAt = endOf(pairs.map(({ certificate }) => certificate).join("\n"));
      this.#toldAt = elapsed() - TELL_EVERY_MS;
      log.info("the gateway's certificate for devices is loaded");
    } catch (error) {
      log.warn({ error }, "the gateway's certificate for devices can't be loaded");
    }
  }

  /** One that ends soon is an incident: the keeper has to know. */
  async #tell(): Promise<void> {
    if (!this.#endsAt || elapsed() - this.#toldAt < TELL_EVERY_MS) return;
    try {
      await saveCertificateEnd(this.#endsAt);
      this.#toldAt = elapsed();
    } catch (error) {
      log.warn({ error }, "the end of the gateway's certificate can't be stored");
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One of each kind of key. None while those that are shown stay. */
  async #find(): Promise<Authority[]> {
    const { deviceCertificate: files, deviceHost } = env();
    if (files) {
      const [certificate, privateKey] = await Promise.all([
        readFile(files.certificateFile, "utf8"),
        readFile(files.keyFile, "utf8"),
      ]);
      return [{ certificate, privateKey }];
    }
    if (this.#context && elapsed() - this.#madeAt < OWN_LASTS_MS) return [];
    const names = [...new Set([deviceHost, "localhost", "127.0.0.1", "::1"])];
    const made = await makeServerCertificates(await openAuthority(), names);
    this.#madeAt = elapsed();
    return made;
  }
}

/** When the first certificate of a chain ends. */
function endOf(chain: string): Date | undefined {
  const parts = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const ends = parts.map((part) => Date.parse(new X509Certificate(part).validTo));
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

/** RFC 8997: TLS 1.2 is the least. */
const NEW_TLS: SecureContextOptions = { minVersion: "TLSv1.2" };
/** OpenSSL signs for TLS 1.0 and 1.1 with SHA-1, which only this level allows. */
const OLD_TLS: SecureContextOptions = { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" };

/** @throws when the key is of another certificate */
function contextOf(pairs: readonly Authority[], versions = NEW_TLS): SecureContext {
  for (const { certificate, privateKey } of pairs)
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)))
      throw new Error("The key does not belong to the certificate.");
  const cert = pairs.map(({ certificate }) => certificate);
  const key = pairs.map(({ privateKey }) => privateKey);
  return createSecureContext({ cert, key, ...versions });
}
