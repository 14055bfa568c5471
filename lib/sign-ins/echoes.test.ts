import { beforeAll, expect, test } from "vitest";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { problemResponse } from "@/lib/http/problem";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { rotateNow } from "@/lib/registrations/rotate-client-secret";
import { administrator } from "@/lib/testing/actors";
import { leaked } from "@/lib/testing/echoes";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, arrive, connectedAccount, providerForm, walk } from "@/lib/testing/sign-in";
import { letExpire, openedCache, refreshDue } from "@/lib/testing/tokens";
import { findOutcome, listAuthorizations } from "./queries";

/** A platform that repeats the whole request in its refusal: no part is kept, shown or logged. */
const sandbox = withInstallation();
const logged = withCapturedLog();
const ada = administrator();
let cloudProviderId: string;
let emailAccountId: string;

beforeAll(async () => {
  ({ cloudProviderId, emailAccountId } = await connectedAccount(ada, sandbox()));
});

/** What is in the tables that hold failures, sealed columns and all. */
async function stored() {
  return [
    await db().tokenSet.findMany(),
    await db().authorizationRequest.findMany({ select: { outcome: true } }),
    await db().cloudProvider.findMany(),
    await db().auditEvent.findMany(),
  ];
}

async function expectNothingOf(secrets: Record<string, string>, ...shown: unknown[]) {
  const bigints = (_name: string, value: unknown) =>
    typeof value === "bigint" ? String(value) : value;
  const text = JSON.stringify([shown, logged, await stored()], bigints);
  for (const [what, value] of Object.entries({ client: clientSecret(), ...secrets })) {
    expect(value.length).toBeGreaterThan(20);
    expect([what, leaked(text, value)]).toEqual([what, null]);
  }
}

const clientSecret = () => sandbox().registration.clientSecret;

test("when a code is redeemed", async () => {
  const parameters = await walk(ada, { subject: "email_account", emailAccountId }, ALICE);
  sandbox().faults.set("echo", { at: "token" });
  const { authorizationRequestId } = await arrive(ada, parameters);
  const outcome = await findOutcome(ada, authorizationRequestId);
  expect(outcome).toMatchObject({ remedyId: "AADSTS900144" });
  expect(JSON.stringify(outcome)).toContain("[removed]");
  await expectNothingOf({ code: parameters.get("code") ?? "" }, outcome);
});

test("when tokens are renewed", async () => {
  const cache = JSON.parse(await openedCache(cloudProviderId));
  const [{ secret: refreshToken } = { secret: "" }] = Object.values<{ secret: string }>(
    cache.RefreshToken,
  );
  await letExpire(cloudProviderId);
  sandbox().faults.set("echo", { at: "token" });
  await refreshDue("keeper-1");
  const account = await findEmailAccount(ada, emailAccountId);
  expect(account?.failureText).toContain("[removed]");
  const authorizations = (await listAuthorizations(ada, cloudProviderId)).rows;
  await expectNothingOf({ refreshToken }, account, authorizations);
});

const toldOf = (error: unknown) => problemResponse(error).text();

test("when a client secret is proved or made", async () => {
  sandbox().faults.set("echo", { at: "token" });
  const refusal = await createCloudProvider(ada, providerForm(sandbox())).catch(toldOf);
  const provider = await findCloudProvider(ada, cloudProviderId);
  const rotate = { cloudProviderId, version: provider?.version ?? 0 };
  const rotation = await rotateNow(ada, rotate).catch(toldOf);
  await expectNothingOf({}, refusal, rotation, provider);
});
