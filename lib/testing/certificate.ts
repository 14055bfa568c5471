import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** A certificate of one host name, signed by itself, and its key, in PEM files of this folder. */
export function makeCertificate(folder: string, host: string) {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const name = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  const files = ["-keyout", key, "-out", certificate];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...name, ...files];
  execFileSync("openssl", args, { stdio: "ignore" });
  return { key, certificate };
}
