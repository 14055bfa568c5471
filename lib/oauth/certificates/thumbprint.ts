import { X509Certificate } from "node:crypto";

export function thumbprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}
