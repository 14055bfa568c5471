import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requirePasswordAllowed } from "@/lib/access/company/break-glass/mutations";
import { recheckOne } from "@/lib/access/company/leaving/mutations";
import { saveCompanyOnly } from "@/lib/access/company/store";
import { fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { companyInUse } from "@/lib/testing/company";
import { type LyingCompany, startLyingCompany } from "@/lib/testing/lying-company";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { withInstallation } from "@/lib/testing/sandbox";

/** What a company says when it is asked whether a person may still come. */
const sandbox = withInstallation();
let company: LyingCompany;

beforeAll(async () => {
  company = await startLyingCompany(sandbox().stateDir);
  await companyInUse(administrator(), company, { rechecks: true });
});
afterAll(() => company.close());
beforeEach(async () => {
  closeBrowser();
  company.tellTruth();
  await db().companyPolicy.deleteMany();
  await db().administrator.deleteMany();
});

async function signIn(): Promise<void> {
  const away = await pressCompany("other");
  company.nonce = away.searchParams.get("nonce") ?? "";
  const back = new URL("http://localhost:3000/api/auth/callback/other");
  const state = away.searchParams.get("state") ?? "";
  back.search = `${new URLSearchParams({ code: state.slice(0, 20), state })}`;
  expect((await comeBack(back)).pathname).toBe("/");
}

async function recheck(status: number, error: string, error_description: string) {
  company.lies = { token: { status, body: { error, error_description } } };
  await db().session.updateMany({ data: { recheckAt: new Date(0) } });
  expect(await recheckOne()).toBe(true);
  const include = { sessions: true } as const;
  const { disabledAt, sessions } = await db().administrator.findFirstOrThrow({ include });
  return { isDisabled: disabledAt !== null, sessions: sessions.length };
}

test.each([
  ["AADSTS50057: The user account is disabled.", "invalid_grant"],
  ["AADSTS50034: The user account does not exist in the directory.", "invalid_grant"],
  ["The refresh token is invalid or expired.", "invalid_grant"],
  // Keycloak's word also for a person who was deleted.
  ["Session not active", "invalid_grant"],
])("%s: the person is gone, and disabled", async (told, error) => {
  await signIn();
  expect(await recheck(400, error, told)).toEqual({ isDisabled: true, sessions: 0 });
});

test("a company that is changed while it is asked takes nothing", async () => {
  await signIn();
  company.lies = {
    token: {
      status: 400,
      body: { error: "invalid_grant", error_description: "AADSTS50057" },
      before: () => db().companySignIn.updateMany({ data: { version: { increment: 1 } } }),
    },
  };
  await db().session.updateMany({ data: { recheckAt: new Date(0) } });
  expect(await recheckOne()).toBe(true);
  expect(await db().administrator.findFirstOrThrow()).toMatchObject({ disabledAt: null });
  expect(await db().session.count()).toBe(1);
});

test.each([
  ["AADSTS70043: The refresh token has expired due to sign-in frequency checks.", "invalid_grant"],
  ["AADSTS50173: The provided grant has expired due to it being revoked.", "invalid_grant"],
  ["AADSTS50076: You must use multi-factor authentication.", "interaction_required"],
  ["Token is not active", "invalid_grant"],
])("%s: the session ends, and the trail says why", async (told, error) => {
  await signIn();
  expect(await recheck(400, error, told)).toEqual({ isDisabled: false, sessions: 0 });
  const ended = await db().auditEvent.findFirstOrThrow({
    where: { action: "session.end_by_company" },
    orderBy: { id: "desc" },
  });
  expect(ended.detail).toMatchObject({
    cause: "company.sign_in_expired",
    told: `${error} ${told}`,
  });
  company.tellTruth();
  await signIn();
});

test.each([
  [401, "invalid_client", "AADSTS7000222: The client secret keys are expired."],
  [503, "temporarily_unavailable", "Try again."],
])("%i %s ends nobody's work", async (status, error, told) => {
  await signIn();
  expect(await recheck(status, error, told)).toEqual({ isDisabled: false, sessions: 1 });
});

test.each(["password", "passkey"] as const)(
  "the trail says that somebody came by %s",
  async (method) => {
    const data = { email: "ada@contoso.test", name: "Ada", role: "administrator" };
    const ada = await db().administrator.create({ data });
    await db().$transaction((tx) => saveCompanyOnly(tx, true));
    await requirePasswordAllowed(ada, method);
    const told = await db().auditEvent.findFirstOrThrow({
      where: { action: "session.emergency", objectId: ada.id },
    });
    expect(told.detail).toEqual({ method });
    expect(await db().companyPolicy.findFirst()).toMatchObject({ usedMethod: method });
  },
);

test("a company is asked every five minutes, and at once where a clock ran ahead", async () => {
  await signIn();
  expect(await recheckOne()).toBe(false);
  await db().session.updateMany({ data: { recheckAt: fromNow(HOUR_MS) } });
  expect(await recheckOne()).toBe(true);
  expect(await recheckOne()).toBe(false);
});
