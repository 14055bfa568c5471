import forge from "node-forge";
import { CertificateProblem } from "./problem";

/** Windows writes 2,000, OpenSSL 2,048, password managers a few hundred thousand. */
const MAX_ROUNDS = 1_000_000;
const MAX_DEPTH = 20;

/** The file names its own iteration count (RFC 8018, RFC 7292). @throws CertificateProblem */
export function refuseCostlyPassword(der: Buffer): void {
  const root = decode(der.toString("latin1"));
  if (root && largestCount(root) > MAX_ROUNDS)
    throw new CertificateProblem(
      "file",
      `The file wants its password hashed more than ${MAX_ROUNDS.toLocaleString("en")} times. Export it again with the usual settings.`,
    );
}

function largestCount(node: forge.asn1.Asn1, depth = 0): number {
  const { value } = node;
  if (depth > MAX_DEPTH) return 0;
  if (typeof value === "string") {
    const inner = node.type === forge.asn1.Type.OCTETSTRING ? decode(value) : undefined;
    return inner ? largestCount(inner, depth + 1) : 0;
  }
  const counts = value.map((child, index) => {
    const isCount =
      child.type === forge.asn1.Type.INTEGER &&
      value[index - 1]?.type === forge.asn1.Type.OCTETSTRING;
    return isCount && typeof child.value === "string"
      ? Number(`0x0${Buffer.from(child.value, "latin1").toString("hex")}`)
      : largestCount(child, depth + 1);
  });
  return Math.max(0, ...counts);
}

function decode(der: string): forge.asn1.Asn1 | undefined {
  try {
    return forge.asn1.fromDer(der);
  } catch {
    return undefined;
  }
}
