import { X509Certificate } from "node:crypto";

/** SHA-1 of the certificate in hexadecimal digits: what people compare with Microsoft's pages. */
export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}
