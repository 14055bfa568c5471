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

type Reply = {
  status?: number;
  body: string | object;
  afterMs?: number;
  /** What happens meanwhile. */
  before?: () => PromiseLike<unknown>;
};
type Lies = {
  /** What it says about itself, beside the truth or instead of it. */
  metadata?: Record<string, string>;
  discovery?: Reply;
  token?: Reply;
  claims?: JWTPayload;
  /** What the userinfo endpoint adds, where `metadata` names one. */
  userinfo?: object;
  /** Signs with a key of this algorithm instead. */
  algorithm?: string;
  /** The keys that it shows. */
  keys?: object[];
  /** Signs as told, or not at all. */
  sign?: (claims: JWTPayload) => Promise<string> | string;
};

const CLIENT_ID = "postkey";

/** An OpenID provider that says whatever a test wants. */
export async function startLyingCompany(stateDir: string): Promise<LyingCompany> {
  const keys = new Map<string, ReturnType<typeof keyOf>>();
  const keyFor = () => {
    const { algorithm = "RS256" } = company.lies;
    const key = keys.get(algorithm) ?? keyOf(algorithm);
    keys.set(algorithm, key);
    return key;
  };
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
    if (path === "/jwks")
      return send(reply, { body: { keys: lies.keys ?? [(await keyFor()).jwk] } });
    if (path === "/userinfo") return send(reply, { body: lies.userinfo ?? {} });
    if (lies.token) return send(reply, lies.token);
    return send(reply, { body: await tokens() });
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

  async function honestly(claims: JWTPayload): Promise<string> {
    const { privateKey, jwk } = await keyFor();
    const { alg, kid } = jwk;
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey);
  }
  return company;
}

async function keyOf(alg: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" } };
}

async function send(
  reply: ServerResponse,
  { status = 200, body, afterMs = 0, before }: Reply,
): Promise<void> {
  await before?.();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  setTimeout(() => {
    reply.writeHead(status, { "content-type": "application/json" }).end(text);
  }, afterMs);
}
