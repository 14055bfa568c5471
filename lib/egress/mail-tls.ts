import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { MailEndpoint } from "./schema";

/** What a mail connection trusts: `configuredMailTls`, but for tests. */
export type MailTls = { readonly secureContext: tls.SecureContext };

/**
 * How every mail connection is secured: the name that was asked for is verified, not the address that was
 * dialled. Sessions are not resumed: a resumed one would not show the certificate, and servers that keep no
 * shared ticket key make the attempt dearer than the handshake it should save.
 */
export function mailTlsOptions({ host }: MailEndpoint, { secureContext }: MailTls) {
  return {
    host,
    // RFC 6066 §3 allows no literal address here; `host` is then what the certificate is held to.
    ...(net.isIP(host) === 0 && { servername: host }),
    secureContext,
    rejectUnauthorized: true,
  };
}

/** Starts TLS on a connected socket. The caller waits for `secureConnect` and owns the socket. */
export function startTls(socket: Duplex, endpoint: MailEndpoint, mailTls: MailTls): tls.TLSSocket {
  const secured = tls.connect({ socket, ...mailTlsOptions(endpoint, mailTls) });
  // A reader that was released left the plain socket paused.
  if (socket.isPaused()) socket.resume();
  return secured;
}
