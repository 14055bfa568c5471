import { afterAll, afterEach, beforeAll } from "vitest";
import { z } from "zod";
import { startTestSandbox, type TestSandbox } from "@/e2e/sandbox/testing";
import type { Registration } from "@/lib/oauth/service";
import { withDatabase } from "./database";

/** A database and an identity platform with its mail servers for the test file. */
export function withInstallation(): () => TestSandbox {
  let sandbox: TestSandbox | undefined;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    process.env.POSTKEY_CLOUDS_FILE = sandbox.cloudFile;
    process.env.POSTKEY_CA_FILE = sandbox.caFile;
  });
  afterAll(() => sandbox?.dispose());
  withDatabase();
  afterEach(() => sandbox?.faults.clearAll());
  return () => {
    if (!sandbox) throw new Error("The sandbox runs during tests only.");
    return sandbox;
  };
}

/** An app registration of the sandbox, as token requests take it. */
export function registered(
  { cloud, registration }: TestSandbox,
  { clientId, tenantId, clientSecret } = registration,
): Registration {
  return {
    service: "microsoft_azure",
    cloud,
    accountTypes: "tenant",
    clientId,
    tenantId,
    credential: { kind: "client_secret", secret: clientSecret },
  };
}

/** How often the token endpoint was asked for something. */
export function tokenRequests(sandbox: TestSandbox, grant: string): number {
  return sandbox.requests().counts[`token ${grant}`] ?? 0;
}

/** Makes another client secret at the platform; the ones before it keep working. */
export async function addSecret(
  sandbox: TestSandbox,
  clientId = sandbox.registration.clientId,
): Promise<string> {
  return (await addKnownSecret(sandbox, clientId)).value;
}

/** The same, with the id by which the platform knows it. */
export async function addKnownSecret(
  { controlUrl, registration }: TestSandbox,
  clientId = registration.clientId,
): Promise<{ id: string; value: string }> {
  const url = new URL(`registrations/${clientId}/secrets`, controlUrl);
  const answer: unknown = await (await fetch(url, { method: "POST" })).json();
  return z.object({ id: z.string(), value: z.string() }).parse(answer);
}

/** From now on the platform refuses it as expired. */
export async function expireSecret(
  { controlUrl, registration }: TestSandbox,
  secretId: string,
): Promise<void> {
  const path = `registrations/${registration.clientId}/secrets/${secretId}/expire`;
  const answer = await fetch(new URL(path, controlUrl), { method: "POST" });
  if (!answer.ok) throw new Error(`The sandbox did not expire the secret (${answer.status}).`);
}

/** Uploads a certificate's public part to an application at the platform. */
export async function uploadCertificate(
  { controlUrl, registration }: TestSandbox,
  certificate: string,
  clientId = registration.clientId,
): Promise<void> {
  const url = new URL(`registrations/${clientId}/certificates`, controlUrl);
  const body = new URLSearchParams({ certificate });
  const answer = await fetch(url, { method: "POST", body });
  if (!answer.ok) throw new Error(`The sandbox refused the certificate (${answer.status}).`);
}

/** A token of the sandbox's other issuer, as something projects it into a file. */
export async function foreignToken(
  { controlUrl }: TestSandbox,
  fields: Record<string, string> = {},
): Promise<string> {
  const url = new URL("instance/tokens", controlUrl);
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  return z.object({ token: z.string() }).parse(await answer.json()).token;
}
