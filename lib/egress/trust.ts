import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";

/**
 * The trust of every connection, with the operator's own authority (POSTKEY_CA_FILE): https, mail and
 * alerts by mail. Made once in a process: to parse the root certificates costs more than a connection, and
 * given as a list, Node compares all of them with each request.
 */
export function configuredTrust(): SecureContext {
  return singleton("trust", () => trustOf(env().extraCaPem));
}

/**
 * Node's root certificates and, if given, one more authority. Certificates are always verified and TLS 1.2
 * is the least (RFC 8997).
 *
 * @param extraCaPem one or more PEM certificates; it replaces NODE_EXTRA_CA_CERTS here
 */
export function trustOf(extraCaPem: string | undefined): SecureContext {
  return createSecureContext({
    minVersion: "TLSv1.2",
    ...(extraCaPem && { ca: [...rootCertificates, extraCaPem] }),
  });
}
