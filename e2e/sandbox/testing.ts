import { createHash, randomBytes, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfidentialClientApplication,
  type Configuration,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from "@azure/msal-node";
import { inject } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox";
import { walkSignIn } from "./walk-sign-in";

export const GOOGLE_REDIRECT_URI =
  "http://localhost:3000/api/cloudProviders/oauth2/google/callback";
export const REDIRECT_URI = "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback";
export const MAIL_SCOPES = ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"].map(
  (name) => `https://outlook.office.com/${name}`,
);

export interface TestSandbox extends Sandbox {
  stateDir: string;
  dispose(): Promise<void>;
}

/** A sandbox on free ports with a state directory of its own. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const stateDir = options.stateDir ?? folderWithKeys();
  const sandbox = await startSandbox({
    redirectUris: [REDIRECT_URI, GOOGLE_REDIRECT_URI],
    ...options,
    stateDir,
  });
  const dispose = async () => {
    await sandbox.close();
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { ...sandbox, stateDir, dispose };
}

function folderWithKeys(): string {
  const folder = mkdtempSync(join(tmpdir(), "postkey-sandbox-"));
  cpSync(inject("sandboxKeys"), folder, { recursive: true });
  return folder;
}

interface ClientOptions {
  tenant?: string;
  clientId?: string;
  auth?: Partial<Configuration["auth"]>;
}

/** The real MSAL, told of the sandbox by configuration alone. */
export function msalClient(sandbox: Sandbox, options: ClientOptions = {}) {
  const { authority, authorizeOrigin } = sandbox.cloud;
  const tenant = options.tenant ?? sandbox.registration.tenantId;
  const base = `${authority}/${tenant}`;
  return new ConfidentialClientApplication({
    auth: {
      clientId: options.clientId ?? sandbox.registration.clientId,
      authority: base,
      knownAuthorities: [new URL(authority).host],
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${authorizeOrigin}/${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        issuer: `${base}/v2.0`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
      ...(options.auth ?? { clientSecret: sandbox.registration.clientSecret }),
    },
    system: { networkClient: networkClient(sandbox.caPem) },
  });
}

/** An authorization request with fresh PKCE, state and nonce. */
export async function beginSignIn(client: ConfidentialClientApplication, scopes = MAIL_SCOPES) {
  const codeVerifier = randomBytes(32).toString("base64url");
  const [state, nonce] = [randomUUID(), randomUUID()];
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri: REDIRECT_URI,
    codeChallenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    codeChallengeMethod: "S256",
    state,
    nonce,
    prompt: "select_account",
  });
  return { url, codeVerifier, state, nonce, scopes };
}

/** Signs a person in, from the authorization request to the tokens. */
export async function signIn(client: ConfidentialClientApplication, account: string) {
  const begun = await beginSignIn(client);
  const callback = await walkSignIn(begun.url, { account });
  return redeem(client, begun, callback?.searchParams.get("code") ?? "");
}

/** Redeems an authorization code. */
export function redeem(
  client: ConfidentialClientApplication,
  begun: Awaited<ReturnType<typeof beginSignIn>>,
  code: string,
) {
  const { codeVerifier, scopes, state, nonce } = begun;
  return client.acquireTokenByCode(
    { code, scopes, redirectUri: REDIRECT_URI, codeVerifier, state, nonce },
    { code, state },
  );
}

interface TokenAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
}

/** A bare token request, for what MSAL would not send. */
export async function postToken(
  sandbox: Sandbox,
  fields: Record<string, string>,
  tenant = sandbox.registration.tenantId,
): Promise<TokenAnswer> {
  const { clientId, clientSecret } = sandbox.registration;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  const url = `${sandbox.cloud.authority}/${tenant}/oauth2/v2.0/token`;
  const answer = await send(url, { method: "POST", body: body.toString(), ca: sandbox.caPem });
  return { ...answer, body: JSON.parse(answer.text) };
}

/** A bare GET from the https server. */
export async function getJson(sandbox: Sandbox, path: string): Promise<TokenAnswer> {
  const url = `${sandbox.cloud.authority}${path}`;
  const answer = await send(url, { method: "GET", body: "", ca: sandbox.caPem });
  return { ...answer, body: JSON.parse(answer.text) };
}

function networkClient(ca: string): INetworkModule {
  const through =
    (method: string) =>
    async <T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
      const sent = { method, body: options?.body ?? "", ca, headers: options?.headers ?? {} };
      const { status, text, headers } = await send(url, sent);
      return { status, headers: headers as Record<string, string>, body: JSON.parse(text) as T };
    };
  return { sendGetRequestAsync: through("GET"), sendPostRequestAsync: through("POST") };
}

function send(
  url: string,
  options: { method: string; body: string; ca: string; headers?: Record<string, string> },
): Promise<{ status: number; text: string; headers: TokenAnswer["headers"] }> {
  const { method, body, ca } = options;
  const headers = { "content-type": "application/x-www-form-urlencoded", ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method, ca, headers, agent: false, timeout: 2000 },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: incoming.statusCode ?? 0, text, headers: incoming.headers });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("timed out")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
