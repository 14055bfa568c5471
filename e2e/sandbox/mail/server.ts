import { createServer } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { KeyedCertificate, SandboxCertificates } from "../certificates";
import { type Listener, listenOnLoopback } from "../listen";
import type { Platform } from "../platform";
import type { Protocol } from "./access";
import { ClosedError, Connection, TooLongError } from "./connection";

/** Exchange Online's texts and rules, a plain server that knows passwords only, or Gmail. */
type Flavour = "exchange" | "password" | "google";

export interface MailServerOptions {
  protocol: Protocol;
  flavour: Flavour;
  tls: "implicit" | "starttls";
  session: (session: MailSession) => Promise<void>;
}

export interface MailSession {
  platform: Platform;
  connection: Connection;
  protocol: Protocol;
  flavour: Flavour;
  /** Undefined where the connection began with TLS, or a fault hides the upgrade. */
  startTls: (() => Promise<void>) | undefined;
  /** What a fault puts into the greeting. */
  bannerSuffix: string;
}

const XSS_BANNER = ` <img src=x onerror="alert('sandbox')">`;

/** Starts a mail server on loopback; `session` holds one client's conversation. */
export function startMailServer(
  platform: Platform,
  options: MailServerOptions,
  { certificates, port }: { certificates: SandboxCertificates; port: number | undefined },
): Promise<Listener> {
  const contexts = {
    right: secureContext(certificates.server),
    wrongName: secureContext(certificates.wrongName),
  };
  const context = () =>
    platform.faults.strikes("certificate_wrong_name", { place: options.protocol })
      ? contexts.wrongName
      : contexts.right;
  const makeServer = () =>
    createServer((socket) => {
      const connection = new Connection(socket);
      converse(platform, options, { connection, context })
        .catch((error: unknown) => report(error))
        .finally(() => connection.end());
    });
  return listenOnLoopback(makeServer, port);
}

async function converse(
  platform: Platform,
  options: MailServerOptions,
  { connection, context }: { connection: Connection; context: () => SecureContext },
): Promise<void> {
  const { protocol, flavour } = options;
  const strikes = (id: string) => platform.faults.strikes(id, { place: protocol });
  platform.requests.record({ place: protocol, what: "connect", outcome: "accepted" });
  if (strikes("mail_drop")) return connection.reset();
  if (options.tls === "implicit") await connection.startTls(context());
  if (strikes("mail_hang")) return silence(connection);
  const slow = strikes("mail_slow");
  if (slow) connection.delayMs = (slow.seconds ?? 2) * 1000;
  const canUpgrade = options.tls === "starttls" && !strikes("no_starttls");
  await options.session({
    platform,
    connection,
    protocol,
    flavour,
    startTls: canUpgrade ? () => connection.startTls(context()) : undefined,
    bannerSuffix: strikes("xss_banner") ? XSS_BANNER : "",
  });
}

async function silence(connection: Connection): Promise<void> {
  while (!connection.isClosed) await connection.readLine(64 * 1024);
}

function secureContext(certificate: KeyedCertificate): SecureContext {
  return createSecureContext({ cert: certificate.certificatePem, key: certificate.privateKeyPem });
}

function report(error: unknown): void {
  if (error instanceof ClosedError || error instanceof TooLongError) return;
  process.stderr.write(`sandbox mail: ${error instanceof Error ? error.stack : String(error)}\n`);
}
