import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { MailEndpoint } from "./schema";

/** `configuredMailTls`, except in tests. */
export type MailTls = { readonly secureContext: tls.SecureContext };

/** Verifies the name asked for. No resumption, which would not show the certificate. */
export function mailTlsOptions({ host }: MailEndpoint, { secureContext }: MailTls) {
  return {
    host,
    // RFC 6066 §3: no literal addresses; `host` is then verified.
    ...(net.isIP(host) === 0 && { servername: host }),
    secureContext,
    rejectUnauthorized: true,
  };
}

/** The caller waits for `secureConnect` and owns the socket. */
export function startTls(socket: Duplex, endpoint: MailEndpoint, mailTls: MailTls): tls.TLSSocket {
  const secured = tls.connect({ socket, ...mailTlsOptions(endpoint, mailTls) });
  // A released reader leaves the socket paused.
  if (socket.isPaused()) socket.resume();
  return secured;
}
