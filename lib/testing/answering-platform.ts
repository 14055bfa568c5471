import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Cloud } from "@/lib/oauth/clouds";
import { startHttpsServer } from "./https-server";

/** What the platform says to everything that it is asked next. */
export type Answer = { status: number; body: string };

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const CLIENT = "22222222-2222-4222-8222-222222222222";
export const NONCE = "nonce";

/**
 * An https server that says what a test puts into its mouth, whatever it is asked, except for the keys
 * of its id_tokens. It knows nothing of OAuth, so that no answer is too wrong for it.
 */
export async function startAnsweringPlatform(stateDir: string, like: Cloud) {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "1" }] });
  let answer: Answer = { status: 503, body: "" };
  const server = await startHttpsServer(stateDir, ({ url = "" }, reply) => {
    reply.setHeader("content-type", "application/json");
    if (url.includes("/keys")) return reply.end(keys);
    return reply.writeHead(answer.status).end(answer.body);
  });
  const issuer = `${server.origin}/${TENANT}/v2.0`;
  const person = { oid: "o", tid: TENANT, preferred_username: "alice@contoso.test" };
  const mailbox = { sub: "s", email: "alice@contoso.test", email_verified: true };
  const idTokenOf = (changes: Record<string, string> = {}) =>
    new SignJWT({ ...person, ...mailbox, nonce: NONCE, ...changes })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setAudience(CLIENT)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);
  const { origin, close } = server;
  const keysUrl = `${origin}/keys`;
  const cloud = { ...like, authority: origin, authorizeOrigin: origin, graph: origin };
  return {
    cloud: { ...cloud, issuer, keysUrl },
    idToken: await idTokenOf(),
    idTokenOf,
    answerWith: (next: Answer) => {
      answer = next;
    },
    close,
  };
}
