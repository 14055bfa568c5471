import net, { type Socket } from "node:net";
import tls from "node:tls";
import { MINUTE_MS } from "@/lib/clock";
import type { MailEndpoint } from "./endpoint";

// A resumed session does not show the certificate again, so it is trusted only for a while.
const SESSION_MAX_AGE_MS = 10 * MINUTE_MS;
const MAX_SESSIONS = 256;

/** Made once per process: parsing the root store costs more than a whole connection. */
export type MailTls = {
  readonly secureContext: tls.SecureContext;
  readonly sessions: Map<string, { session: Buffer; receivedAt: number }>;
};

/**
 * The trust of every mail connection: Node's root certificates and, if given, one more authority.
 * Certificates are always verified and TLS 1.2 is the least (RFC 8997).
 *
 * @param options.extraCaPem one or more PEM certificates; it replaces NODE_EXTRA_CA_CERTS here
 */
export function createMailTls(options: { extraCaPem?: string } = {}): MailTls {
  const { extraCaPem } = options;
  const secureContext = tls.createSecureContext({
    minVersion: "TLSv1.2",
    ...(extraCaPem === undefined ? {} : { ca: [...tls.rootCertificates, extraCaPem] }),
  });
  return { secureContext, sessions: new Map() };
}

/**
 * Starts TLS on a connected socket. The name that was asked for is verified, not the address that
 * was dialled. The caller waits for `secureConnect` and owns the socket.
 */
export function startTls(socket: Socket, endpoint: MailEndpoint, mailTls: MailTls): tls.TLSSocket {
  const { host, port } = endpoint;
  const key = `${host}:${port}`;
  const known = mailTls.sessions.get(key);
  const session =
    known && Date.now() - known.receivedAt < SESSION_MAX_AGE_MS ? known.session : undefined;
  const secured = tls.connect({
    socket,
    host,
    // RFC 6066 §3 allows no literal address here; `host` is then what the certificate is held to.
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    secureContext: mailTls.secureContext,
    rejectUnauthorized: true,
    ...(session ? { session } : {}),
  });
  // A reader that was released left the plain socket paused.
  if (socket.isPaused()) socket.resume();
  // A ticket that fails is not offered twice.
  secured.once("error", () => mailTls.sessions.delete(key));
  secured.on("session", (fresh) => rememberSession(mailTls, key, fresh));
  return secured;
}

function rememberSession(mailTls: MailTls, key: string, session: Buffer): void {
  if (mailTls.sessions.size >= MAX_SESSIONS) {
    const [oldest] = mailTls.sessions.keys();
    if (oldest !== undefined) mailTls.sessions.delete(oldest);
  }
  mailTls.sessions.set(key, { session, receivedAt: Date.now() });
}
