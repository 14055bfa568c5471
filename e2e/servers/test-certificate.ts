import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate with its key, and the authority that signed it, as files and as text. */
export type TestCertificate = {
  certFile: string;
  keyFile: string;
  certPem: string;
  keyPem: string;
  caPem: string;
};

/**
 * Makes a throw-away authority and a server certificate with openssl.
 *
 * @param options.names SAN entries as openssl writes them; `DNS:localhost,IP:127.0.0.1` by default
 * @param options.expired makes a certificate whose time is over
 */
export async function createTestCertificate(
  dir: string,
  options: { names?: string; expired?: boolean } = {},
): Promise<TestCertificate> {
  await mkdir(dir, { recursive: true });
  const at = (name: string) => path.join(dir, name);
  const openssl = (...args: string[]) => run("openssl", args, { cwd: dir });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

  await openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "30",
    "-subj",
    "/CN=Postkey test authority",
    // Python verifies strictly (RFC 5280): an authority says what it may sign.
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
  );
  await openssl(
    "req",
    ...key,
    "-keyout",
    "server.key",
    "-out",
    "server.csr",
    "-subj",
    "/CN=localhost",
  );
  await writeFile(
    at("server.ext"),
    `subjectAltName=${options.names ?? "DNS:localhost,IP:127.0.0.1"}\nauthorityKeyIdentifier=keyid\n`,
  );
  const validity = options.expired
    ? ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"]
    : ["-days", "30"];
  await openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    "server.pem",
    "-extfile",
    "server.ext",
    ...validity,
  );

  const [certPem, keyPem, caPem] = await Promise.all([
    readFile(at("server.pem"), "utf8"),
    readFile(at("server.key"), "utf8"),
    readFile(at("ca.pem"), "utf8"),
  ]);
  return { certFile: at("server.pem"), keyFile: at("server.key"), certPem, keyPem, caPem };
}
