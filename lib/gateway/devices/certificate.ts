import { X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { type Authority, makeServerCertificates } from "@/lib/access/devices/authority/make";
import {
  openAuthority,
  saveCertificateEnd,
  saveCertificateFailure,
} from "@/lib/access/devices/authority/store";
import { DAY_MS, elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { asUnusable, readCertificateFiles, UnusableFiles } from "./certificate-files";

const LOOK_EVERY_MS = 10 * SECOND_MS;
const LOOK_LASTS_MS = 5 * SECOND_MS;
const TELL_EVERY_MS = HOUR_MS;
/** Another gateway, which starts and is well, takes it back. */
const FAILS_EVERY_MS = MINUTE_MS;
/** Between two looks a program may just be replacing the files. */
const LASTING = 2;
/** One of the local authority is replaced when it has less than this left. */
const OWN_LEFT_MS = 60 * DAY_MS;

/** The certificate that devices see: the operator's files as they are now, or one of the local authority. */
export class GatewayCertificate {
  #context: SecureContext | undefined;
  #oldContext: SecureContext | undefined;
  #shown = "";
  #validity: Validity | undefined;
  #toldAt = -TELL_EVERY_MS;
  /** Of the operator's files, as they are now. */
  #problem: UnusableFiles | undefined;
  #failures = 0;
  /** A look at the files that has not ended: a second one would wait for the same, and hold more of the process. */
  #looking: Promise<Authority[]> | undefined;
  /** What the incidents know: nothing at first, not even that one of an earlier gateway is over. */
  #told: { fails: boolean | undefined; at: number } = { fails: undefined, at: 0 };
  #isStopped = false;
  readonly #timer: ReturnType<typeof setInterval>;

  readonly #now: () => Promise<Date>;

  /** @param now the clock that all gateways agree on */
  constructor(now = databaseNow) {
    this.#now = now;
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

  /**
   * Files that can't be used at the start are an incident at once, and read again until they can: what programs ask of
   * this process has nothing to do with them.
   */
  async start(): Promise<void> {
    await this.#replace();
    if (this.#problem) this.#failures = LASTING;
    await this.#tell();
  }

  /** Both files are read and belong together before new connections see them; otherwise the last ones stay. */
  async load(): Promise<void> {
    await this.#replace();
    if (!this.#isStopped) await this.#tell();
  }

  async #replace(): Promise<void> {
    try {
      const pairs = await this.#look();
      const shown = JSON.stringify(pairs);
      if (pairs.length > 0 && shown !== this.#shown) this.#show(pairs, shown);
      this.#problem = undefined;
      this.#failures = 0;
    } catch (error) {
      if (!this.#isStopped) this.#failed(error);
    }
  }

  #show(pairs: readonly Authority[], shown: string): void {
    const [context, oldContext] = [contextOf(pairs), contextOf(pairs, OLD_TLS)];
    this.#context = context;
    this.#oldContext = oldContext;
    this.#shown = shown;
    this.#validity = validityOf(pairs.map(({ certificate }) => certificate).join("\n"));
    this.#toldAt = elapsed() - TELL_EVERY_MS;
    log.info("the gateway's certificate for devices is loaded");
  }

  #failed(error: unknown): void {
    const files = env().deviceCertificate;
    const problem = files && asUnusable(error, files.certificateFile);
    const isNews = problem?.message !== this.#problem?.message;
    if (!problem || isNews)
      log.warn({ error }, "the gateway's certificate for devices can't be loaded");
    this.#problem = problem;
    this.#failures += 1;
  }

  /** One that ends soon or can't be read is an incident: the keeper has to know. */
  async #tell(): Promise<void> {
    try {
      if (this.#validity && elapsed() - this.#toldAt >= TELL_EVERY_MS) {
        await saveCertificateEnd(this.#validity.until);
        this.#toldAt = elapsed();
      }
      const fails = this.#problem !== undefined && this.#failures >= LASTING;
      // Told again while it stays: that of a gateway that is gone is forgotten after a day.
      if (fails === this.#told.fails && (!fails || elapsed() - this.#told.at < FAILS_EVERY_MS))
        return;
      await saveCertificateFailure({ fails });
      this.#told = { fails, at: elapsed() };
    } catch (error) {
      log.warn({ error }, "what is to be known of the gateway's certificate can't be stored");
    }
  }

  /** What a look finds that is under way is of no use any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#isStopped = true;
  }

  /** @throws UnusableFiles also when the files give no answer, as on a network file system that is gone */
  async #look(): Promise<Authority[]> {
    if (!env().deviceCertificate) return this.#find();
    this.#looking ??= this.#find().finally(() => {
      this.#looking = undefined;
    });
    const late = new AbortController();
    const silence = sleep(LOOK_LASTS_MS, undefined, { signal: late.signal, ref: false });
    try {
      return await Promise.race([this.#looking, silence.then(noAnswer)]);
    } finally {
      late.abort();
      silence.catch(() => {});
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

function noAnswer(): never {
  throw new UnusableFiles(
    `The files can't be read: no answer within ${LOOK_LASTS_MS / SECOND_MS} s.`,
  );
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
