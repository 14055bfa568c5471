import { createHash, randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import { z } from "zod";
import { query } from "./database";
import { ADMIN, installation } from "./installation";

const made = z.object({ id: z.string() });

/** What a program that knows nothing but the address and the key gets. */
export async function api(key: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, installation.url), {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, `${path}: ${await response.clone().text()}`).toBeLessThan(300);
  return response.json();
}

let ownKey: Promise<string> | undefined;

async function createKey(): Promise<string> {
  const key = randomBytes(32).toString("base64url");
  await query(
    `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName")
     VALUES (gen_random_uuid(), 'Prepares tests', $1, '', '{accounts:write,providers:write}', 'Tests')`,
    [createHash("sha256").update(key).digest("base64url")],
  );
  return key;
}

/** What a test needs and is not about: as a program makes it. @returns the address of its page */
async function make(path: string, page: string, fields: object): Promise<string> {
  ownKey ??= createKey();
  return `${page}/${made.parse(await api(await ownKey, path, fields)).id}`;
}

type Provided = { name: string; grant?: "app_only" } & Application;

/** @returns the address of its page */
function provide({ clientSecret, ...fields }: Provided): Promise<string> {
  const credential = { kind: "client_secret", clientSecret };
  const provider = { cloud: "sandbox", ...fields, credential };
  return make("/api/cloudProviders", "/settings/cloud-providers", provider);
}

/** Registers the sandbox's application. @returns the address of its page */
export const addProvider = (name: string) => provide({ name, ...installation.registration });

/** Registers the one that signs in by itself. @returns the address of its page */
export const addApplication = async (name: string) =>
  provide({ name, grant: "app_only", ...(await serviceApplication()) });

export type Application = { clientId: string; tenantId: string; clientSecret: string };

const applications = z.array(
  z.object({
    clientId: z.string(),
    tenantId: z.string(),
    clientSecret: z.string(),
    exchange: z.object({}).optional(),
  }),
);

/** The application of the sandbox that has permissions of its own. */
export async function serviceApplication(): Promise<Application> {
  const answer = await fetch(new URL("/registrations", installation.controlUrl));
  const found = applications.parse(await answer.json()).find(({ exchange }) => exchange);
  if (!found) throw new Error("The sandbox has no such application.");
  const { clientId, tenantId, clientSecret } = found;
  return { clientId, tenantId, clientSecret };
}

export type AddedAccount = {
  name: string;
  key: string;
  address: string;
  provider: string;
  /** Who signs in, where it is not the address. */
  username?: string;
  /** Other than by the mail servers. */
  sendsBy?: "graph";
  readsBy?: "graph";
};

/** @returns the address of its page */
export async function addAccount({ address, provider, ...fields }: AddedAccount): Promise<string> {
  const [found] = await query(`SELECT id FROM "CloudProvider" WHERE name = $1`, [provider]);
  const account = { ...fields, emailAddress: address, cloudProviderId: found?.id };
  return make("/api/emailAccounts", "/email/accounts", account);
}

type Person = {
  email: string;
  name: string;
  role: "Viewer" | "Operator" | "Administrator" | "Auditor";
};

/** Somebody with the password of the administrator. */
export const addPerson = ({ email, name, role }: Person) =>
  query(
    `INSERT INTO "Administrator" (id, email, name, role, "passwordHash")
     SELECT gen_random_uuid(), $1, $2, lower($3), "passwordHash" FROM "Administrator" WHERE email = $4`,
    [email, name, role, ADMIN],
  );
