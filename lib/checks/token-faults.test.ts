import { beforeEach, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  accountForm,
  connectedAccount,
  providerForm,
  signIn,
  withAccount,
} from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";

/** Tokens that are not right in ways that no mail server says. */
const sandbox = withInstallation();
const ada = administrator();
const PROTOCOLS = ["imap", "smtp", "pop3"] as const;
const account = withAccount(ada, sandbox);

beforeEach(() => sandbox().faults.clearAll());

const test3 = async (id = account.emailAccountId) => {
  const run = await runTest(ada, id);
  const failures = PROTOCOLS.map((protocol) => run.protocols[protocol].failure?.remedyId ?? "ok");
  const told = run.events.find((event) => event.type === "token");
  const unmet = told?.type === "token" ? told.needs.filter(({ isMet }) => !isMet) : [];
  return { ...run, failures, unmet };
};

async function newToken(...faults: string[]): Promise<void> {
  for (const fault of faults) sandbox().faults.set(fault);
  await signIn(ada, account);
  sandbox().faults.clearAll();
}

describe("a token that is refused", () => {
  test("because it is not valid yet is told as that, and by the clock", async () => {
    await newToken("future_token");
    const { failures, protocols, unmet } = await test3();
    expect(failures).toEqual(Array(3).fill("token.not_yet_valid"));
    expect(protocols.imap.remedy?.command?.text).toBe("timedatectl status");
    expect(unmet.map(({ what }) => what)).toEqual(["Valid from"]);
  });

  test("has run out is not used again", async () => {
    await newToken("expired_token");
    expect((await test3()).failures).toEqual(Array(3).fill("token.expired"));
    expect((await test3()).failures).toEqual(["ok", "ok", "ok"]);
  });

  test("because its session has run out, as the server says, is not used again", async () => {
    await newToken();
    sandbox().faults.set("reply:imap:open:token.expired");
    const renewals = () => sandbox().requests().counts["token refresh_token"] ?? 0;
    const before = renewals();
    expect((await test3()).failures).toEqual(["token.expired", "ok", "ok"]);
    sandbox().faults.clearAll();
    expect((await test3()).failures).toEqual(["ok", "ok", "ok"]);
    expect(renewals() - before).toBe(1);
  });
});

test("a guest does not look connected", async () => {
  const other = await connectedAccount(ada, sandbox());
  const before = (await listAuthorizations(ada, other.cloudProviderId)).rows;
  sandbox().faults.set("guest_user");
  const { cloudProviderId } = other;
  const outcome = await signIn(ada, { subject: "provider", cloudProviderId });
  expect(outcome).toMatchObject({ kind: "failed", remedyId: "token.guest" });
  expect((await listAuthorizations(ada, other.cloudProviderId)).rows).toEqual(before);
});

test("a guest who was connected before is told by the test", async () => {
  sandbox().faults.set("guest_user");
  await letExpire(account.cloudProviderId);
  const { failures, unmet } = await test3();
  expect(failures).toEqual(Array(3).fill("token.guest"));
  expect(unmet[0]?.has).toMatch(/, a guest$/);
  sandbox().faults.clearAll();
  await newToken();
});

test("an application without roles is told the way to get them, and not to sign in", async () => {
  const form = providerForm(sandbox(), { grant: "app_only" });
  const { id: cloudProviderId } = await createCloudProvider(ada, form);
  await connectApplication(ada, { cloudProviderId });
  const { id } = await createEmailAccount(ada, accountForm({ cloudProviderId }));
  const { failures, protocols, unmet } = await test3(id);
  const roles = ["imap", "smtp", "pop"].map((protocol) => `token.missing_role_${protocol}`);
  expect(failures).toEqual(roles);
  const { remedy } = protocols.imap;
  expect(remedy?.steps.join(" ")).not.toMatch(/Authenticate|sign in/i);
  expect(remedy?.command?.text).toContain("IMAP.AccessAsApp");
  expect(unmet.map(({ needs, has }) => `${needs}: ${has}`)).toEqual(
    ["IMAP", "POP"].map((name) => expect.stringMatching(`^${name}.*App: no permission$`)),
  );
});
