import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContext } from "node:tls";
import { makeServerCertificate } from "@/lib/access/devices/authority/make";
import { openAuthority } from "@/lib/access/devices/authority/store";
import { DAY_MS, elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";

const LOOK_EVERY_MS = 10 * SECOND_MS;
/** One of the local authority lives longer than most processes; a process that lives longer takes another. */
const OWN_LASTS_MS = 300 * DAY_MS;

type Pair = { certificate: string; privateKey: string };

/** The certificate that devices see: the operator's files as they are now, or one of the local authority. */
export class GatewayCertificate {
  #context: SecureContext | undefined;
  #shown = "";
  #madeAt = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor() {
    this.#timer = setInterval(() => void this.load(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Undefined while there is none: no connection can be encrypted then. */
  get context(): SecureContext | undefined {
    return this.#context;
  }

  /** Both files are read and belong together before new connections see them; otherwise the last ones stay. */
  async load(): Promise<void> {
    try {
      const pair = await this.#find();
      if (!pair || pair.certificate + pair.privateKey === this.#shown) return;
      this.#context = contextOf(pair);
      this.#shown = pair.certificate + pair.privateKey;
      log.info("the gateway's certificate for devices is loaded");
    } catch (error) {
      log.warn({ error }, "the gateway's certificate for devices can't be loaded");
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #find(): Promise<Pair | null> {
    const { deviceCertificate: files, deviceHost } = env();
    if (files) {
      const [certificate, privateKey] = await Promise.all([
        readFile(files.certificateFile, "utf8"),
        readFile(files.keyFile, "utf8"),
      ]);
      return { certificate, privateKey };
    }
    if (this.#context && elapsed() - this.#madeAt < OWN_LASTS_MS) return null;
    const names = [...new Set([deviceHost, "localhost", "127.0.0.1", "::1"])];
    const made = await makeServerCertificate(await openAuthority(), names);
    this.#madeAt = elapsed();
    return made;
  }
}

/** RFC 8997: TLS 1.2 is the least. @throws when the key is of another certificate */
function contextOf({ certificate, privateKey }: Pair): SecureContext {
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)))
    throw new Error("The key does not belong to the certificate.");
  return createSecureContext({ cert: certificate, key: privateKey, minVersion: "TLSv1.2" });
}
