import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { startHttpsServer } from "./https-server";

export type LyingCompany = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What it does instead of the truth, until `tellTruth`. */
  lies: Lies;
  /** The nonce that it was asked with. */
  nonce: string;
  requests: string[];
  tellTruth(): void;
  close(): Promise<void>;
};

type Reply = { status?: number; body: string | object; afterMs?: number };
type Lies = {
  /** What it says about itself, beside the truth or instead of it. */
  metadata?: Record<string, string>;
  discovery?: Reply;
  token?: Reply;
  claims?: JWTPayload;
  /** Signs as told, or not at all. */
  sign?: (claims: JWTPayload) => Promise<string> | string;
};

const CLIENT_ID = "postkey";

/** An OpenID provider that says whatever a test wants. */
export async function startLyingCompany(stateDir: string): Promise<LyingCompany> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" };
  const server = await startHttpsServer(stateDir, (request, reply) => {
    void answer(request, reply);
  });
  const { origin: issuer } = server;
  const company: LyingCompany = {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: "a client secret",
    lies: {},
    nonce: "",
    requests: server.seen,
    tellTruth: () => {
      company.lies = {};
    },
    close: server.close,
  };
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
  };

  async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", issuer).pathname;
    const { lies } = company;
    if (path.endsWith("/openid-configuration")) {
      return send(reply, lies.discovery ?? { body: { ...metadata, ...lies.metadata } });
    }
    if (path === "/jwks") return send(reply, { body: { keys: [jwk] } });
    if (lies.token) return send(reply, lies.token);
    send(reply, { body: await tokens() });
  }

  async function tokens(): Promise<object> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: issuer,
      sub: "mallory",
      aud: CLIENT_ID,
      iat: now,
      exp: now + 300,
      nonce: company.nonce,
      email: "mallory@contoso.test",
      groups: ["ops"],
      ...company.lies.claims,
    };
    const sign = company.lies.sign ?? honestly;
    const told = { access_token: "x", refresh_token: "kept", token_type: "Bearer" };
    return { ...told, id_token: await sign(claims) };
  }

  function honestly(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "1" }).sign(privateKey);
  }
  return company;
}

function send(reply: ServerResponse, { status = 200, body, afterMs = 0 }: Reply): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  setTimeout(() => {
    reply.writeHead(status, { "content-type": "application/json" }).end(text);
  }, afterMs);
}
