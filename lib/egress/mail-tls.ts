import net, { type Socket } from "node:net";
import tls from "node:tls";
import type { MailEndpoint } from "./schema";

/** Made once per process: parsing the root store costs more than a whole connection. */
export type MailTls = { readonly secureContext: tls.SecureContext };

/**
 * The trust of every mail connection: Node's root certificates and, if given, one more authority.
 * Certificates are always verified and TLS 1.2 is the least (RFC 8997). Sessions are not resumed:
 * a resumed one would not show the certificate, and servers that keep no shared ticket key make
 * the attempt dearer than the handshake it should save.
 *
 * @param options.extraCaPem one or more PEM certificates; it replaces NODE_EXTRA_CA_CERTS here
 */
export function createMailTls(options: { extraCaPem?: string } = {}): MailTls {
  const { extraCaPem } = options;
  const secureContext = tls.createSecureContext({
    minVersion: "TLSv1.2",
    ...(extraCaPem === undefined ? {} : { ca: [...tls.rootCertificates, extraCaPem] }),
  });
  return { secureContext };
}

/**
 * Starts TLS on a connected socket. The name that was asked for is verified, not the address that
 * was dialled. The caller waits for `secureConnect` and owns the socket.
 */
export function startTls(socket: Socket, endpoint: MailEndpoint, mailTls: MailTls): tls.TLSSocket {
  const { host } = endpoint;
  const secured = tls.connect({
    socket,
    host,
    // RFC 6066 §3 allows no literal address here; `host` is then what the certificate is held to.
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    secureContext: mailTls.secureContext,
    rejectUnauthorized: true,
  });
  // A reader that was released left the plain socket paused.
  if (socket.isPaused()) socket.resume();
  return secured;
}
