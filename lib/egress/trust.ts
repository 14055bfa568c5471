import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";

/** Made once: parsing the root certificates costs more than a connection. */
export function configuredTrust(): SecureContext {
  return singleton("trust", () => trustOf(env().extraCaPem));
}

/** TLS 1.2 at least (RFC 8997). @param extraCaPem PEM, instead of NODE_EXTRA_CA_CERTS */
export function trustOf(extraCaPem: string | undefined): SecureContext {
  return createSecureContext({
    minVersion: "TLSv1.2",
    ...(extraCaPem && { ca: [...rootCertificates, extraCaPem] }),
  });
}
