import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { walkSignIn } from "@/e2e/sandbox/walk-sign-in";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { mintActor } from "@/lib/kernel/mint-actor";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { beginByLink } from "@/lib/sign-ins/links/owner";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, arrive, BOB, providerForm, signIn } from "@/lib/testing/sign-in";
import { startLoop } from "./loop";
import { startScheduledRuns } from "./test-runs";

const sandbox = withInstallation();
const ada = administrator();
const SALES = "sales@contoso.test";
let cloudProviderId: string;

beforeEach(async () => {
  await db().testRun.deleteMany();
  await db().emailAccount.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
});

async function addAccount(changes: Record<string, unknown> = {}): Promise<string> {
  const form = accountForm({ cloudProviderId, username: BOB, emailAddress: BOB, ...changes });
  return (await createEmailAccount(ada, form)).id;
}

async function signInByLink(): Promise<void> {
  const [made] = await createSignInLinks(ada, { cloudProviderId, usernames: [BOB] });
  const sessionId = randomUUID();
  const url = await beginByLink(new URL(made?.link ?? "").hash.slice(1), sessionId);
  const back = await walkSignIn(url.href, { account: BOB });
  const who = { kind: "owner", id: randomUUID(), name: BOB } as const;
  const owner = mintActor({ ...who, permissions: new Set(), sessionId });
  await arrive(owner, back?.searchParams ?? new URLSearchParams());
}

async function dueIds(): Promise<string[]> {
  const where = { nextTestAt: { lte: new Date(Date.now() + 1_000) } };
  return (await db().emailAccount.findMany({ where })).map(({ id }) => id);
}

describe("after a sign-in", () => {
  test("by link, the keeper tests every mailbox that it opens, also without a schedule", async () => {
    const own = await addAccount();
    const shared = await addAccount({ emailAddress: SALES });
    await addAccount({ username: "carol@contoso.test", emailAddress: "carol@contoso.test" });
    await addAccount({ active: false, emailAddress: "info@contoso.test" });
    await signInByLink();
    expect((await dueIds()).sort()).toEqual([own, shared].sort());
    const stops = [startLoop("due tests", 50, startDueTests), startScheduledRuns()];
    const tested = async () =>
      (await db().connectionTest.findMany()).map(({ emailAccountId }) => emailAccountId).sort();
    await expect.poll(tested, { timeout: 60_000 }).toEqual([own, shared].sort());
    await Promise.all(stops.map((stop) => stop()));
    // Bob may open his own mailbox, and has no right to the other.
    const stateOf = (id: string) => db().emailAccount.findUniqueOrThrow({ where: { id } });
    expect(await stateOf(own)).toMatchObject({ state: "connected", nextTestAt: null });
    expect(await stateOf(shared)).toMatchObject({ state: "test_failed", nextTestAt: null });
  });

  test("on the page of an account, that page tests it, and the keeper the others", async () => {
    const own = await addAccount();
    const shared = await addAccount({ emailAddress: SALES });
    await signIn(ada, { subject: "email_account", emailAccountId: own }, BOB);
    expect(await dueIds()).toEqual([shared]);
  });

  test("on the page of an account whose last test failed, the keeper leaves it to that page for a minute", async () => {
    const own = await addAccount();
    const subject = { subject: "email_account", emailAccountId: own } as const;
    await signIn(ada, subject, BOB);
    await db().tokenSet.updateMany({ data: { state: "sign_in_again" } });
    const failed = { imapVerdict: "failed", lastTestedAt: new Date() };
    const data = { ...failed, testSchedule: "daily", nextTestAt: null };
    await db().emailAccount.update({ where: { id: own }, data });
    await signIn(ada, subject, BOB);
    expect(await dueIds()).toEqual([]);
    const { nextTestAt } = await db().emailAccount.findUniqueOrThrow({ where: { id: own } });
    expect(nextTestAt?.getTime()).toBeLessThan(Date.now() + 61_000);
  });
});
