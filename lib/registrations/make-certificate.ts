import "server-only";
import { generateCertificate, type KeyedCertificate } from "@/lib/oauth/certificates/generate";
import type { GenerateCertificate } from "./credentials/schema";

type Wishes = Pick<GenerateCertificate, "bits" | "months">;

export function makeCertificate(name: string, { bits, months }: Wishes): Promise<KeyedCertificate> {
  return generateCertificate({
    commonName: `Postkey ${name}`,
    bits: bits === "2048" ? 2048 : 3072,
    months: Number(months),
  });
}
