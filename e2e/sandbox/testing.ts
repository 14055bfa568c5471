import { createHash, randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { inject } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox";
import { walkSignIn } from "./walk-sign-in";

export const GOOGLE_REDIRECT_URI =
  "http://localhost:3000/api/cloudProviders/oauth2/google/callback";
export const REDIRECT_URI = "http://localhost:3000/api/cloudProviders/oauth2/microsoft/callback";
const SCOPES = ["IMAP.AccessAsUser.All", "POP.AccessAsUser.All", "SMTP.Send"].map(
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

/** Walks a person through the sign-in. @returns what a program redeems after that */
export async function authorize({ cloud, registration }: Sandbox, account: string) {
  const { clientId, tenantId } = registration;
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL(`${cloud.authorizeOrigin}/${tenantId}/oauth2/v2.0/authorize`);
  url.search = `${new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: REDIRECT_URI,
    scope: ["openid profile offline_access", ...SCOPES].join(" "),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })}`;
  const callback = await walkSignIn(url.href, { account });
  return {
    grant_type: "authorization_code",
    code: callback?.searchParams.get("code") ?? "",
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  };
}

/** A bare token request. */
export function postToken(sandbox: Sandbox, fields: Record<string, string>) {
  const { clientId, clientSecret, tenantId } = sandbox.registration;
  const form = { client_id: clientId, client_secret: clientSecret, ...fields };
  return ask(sandbox, `/${tenantId}/oauth2/v2.0/token`, form);
}

type Answer = { status: number | undefined; body: Record<string, unknown> };

/** Asks the https server for JSON. */
export function ask(
  { cloud, caPem: ca }: Sandbox,
  path: string,
  form?: Record<string, string>,
): Promise<Answer> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const options = { method: form ? "POST" : "GET", ca, headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${cloud.authority}${path}`, options, (incoming) => {
      const read = json(incoming) as Promise<Answer["body"]>; // all that it answers are objects
      read.then((body) => resolve({ status: incoming.statusCode, body }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(form && `${new URLSearchParams(form)}`);
  });
}
