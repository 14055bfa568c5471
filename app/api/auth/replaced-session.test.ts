import { beforeEach, expect, test } from "vitest";
import { findUser } from "@/lib/http/auth/session";
import { db } from "@/lib/kernel/db";
import { hashPassword } from "@/lib/people/administrators/password-hash";
import { findSession } from "@/lib/people/administrators/store";
import { closeBrowser, openBrowser } from "@/lib/testing/browser";
import { empty, withDatabase } from "@/lib/testing/database";
import { ask } from "@/lib/testing/next-auth-browser";

withDatabase();

const EMAIL = "bob@contoso.test";
const PASSWORD = "a sentence that is long enough";

beforeEach(async () => {
  closeBrowser();
  await empty("Administrator", "SignInThrottle");
  const passwordHash = await hashPassword(PASSWORD);
  await db().administrator.create({ data: { name: "Bob", email: EMAIL, passwordHash } });
});

async function signInHere(password: string): Promise<void> {
  const { csrfToken } = await (await ask("/api/auth/csrf")).json();
  await ask("/api/auth/callback/credentials", { csrfToken, json: "true", email: EMAIL, password });
}

test("who signs in where someone else is signed in ends that session, and the trail says so", async () => {
  const elsewhere = await openBrowser("Ada");
  const here = await openBrowser("Ada");
  await signInHere("some other sentence");
  expect(await findSession(here.sessionId)).not.toBeNull();
  await signInHere(PASSWORD);
  expect(await findUser()).toMatchObject({ name: "Bob" });
  expect(await findSession(here.sessionId)).toBeNull();
  expect(await findSession(elsewhere.sessionId)).not.toBeNull();
  const told = await db().auditEvent.findMany({ where: { objectId: here.id } });
  expect(told.map(({ action }) => action)).toEqual(["session.end"]);
});
