import { CryptoProvider } from "@azure/msal-node";

/** RFC 7636 §4.1, §4.2 */
export async function createPkcePair(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  return { codeVerifier: verifier, codeChallenge: challenge };
}
