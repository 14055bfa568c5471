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

/** Registers the sandbox's application. @returns the address of its page */
export function addProvider(name: string): Promise<string> {
  const { clientSecret, ...ids } = installation.registration;
  const credential = { kind: "client_secret", clientSecret };
  const fields = { name, cloud: "sandbox", ...ids, credential };
  return make("/api/cloudProviders", "/settings/cloud-providers", fields);
}

export type AddedAccount = {
  name: string;
  key: string;
  address: string;
  provider: string;
  /** Who signs in, where it is not the address. */
  username?: string;
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
