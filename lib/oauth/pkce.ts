import { CryptoProvider } from "@azure/msal-node";

/** A fresh verifier and its S256 challenge (RFC 7636 §4.1, §4.2). */
export async function createPkcePair(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  return { codeVerifier: verifier, codeChallenge: challenge };
}
