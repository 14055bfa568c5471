import { expect, test } from "vitest";
import { updateEmailAccount } from "@/lib/email-accounts/mutations";
import { findEditedAccount } from "@/lib/email-accounts/queries";
import { updateEmailAccountSchema } from "@/lib/email-accounts/schema";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow, refreshDue } from "@/lib/testing/tokens";
import { listAccountHistory, listProviderHistory } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const ids = withAccount(ada, sandbox);

const states = (rows: { fromState: string; toState: string }[]) =>
  rows.map(({ fromState, toState }) => `${fromState} → ${toState}`);

test("every change of a state is on record, with its reason, whoever made it", async () => {
  await letExpire(ids.cloudProviderId);
  sandbox().faults.set("server_error");
  await refreshDue("keeper");
  await letRetryNow(ids.cloudProviderId);
  await refreshDue("keeper");
  sandbox().faults.clearAll();
  await letRetryNow(ids.cloudProviderId);
  await refreshDue("keeper");
  const changes = (await listProviderHistory(ada, ids.cloudProviderId)).rows;
  expect(states(changes)).toEqual(["retrying → connected", "connected → retrying", " → connected"]);
  expect(changes[1]).toMatchObject({ subject: "alice@contoso.test", reason: expect.any(String) });
});

test("an account shows its own and those of the sign-in it uses", async () => {
  await db().emailAccount.update({ where: { id: ids.emailAccountId }, data: { active: false } });
  await db().emailAccount.update({ where: { id: ids.emailAccountId }, data: { active: true } });
  const changes = (await listAccountHistory(ada, ids.emailAccountId)).rows;
  expect(states(changes).slice(0, 2)).toEqual(["inactive → active", "active → inactive"]);
  expect(states(changes)).toContain("connected → retrying");
  expect(changes.map(({ shownState }) => shownState).slice(0, 2)).toEqual(["active", "inactive"]);
});

test("that an account works is said by a test alone: an edit that takes the failed test away says nothing", async () => {
  const { emailAccountId: id } = ids;
  await db().stateChange.deleteMany({ where: { objectId: id } });
  const told = async () =>
    (await listAccountHistory(ada, id)).rows.flatMap(({ subject, shownState, reason }) =>
      subject === "Support" ? [reason ? `${shownState}: ${reason}` : shownState] : [],
    );
  const edit = async (mailbox: string) => {
    const fields = { ...(await findEditedAccount(ada, id)), id, mailbox, password: "" };
    await updateEmailAccount(ada, updateEmailAccountSchema.parse(fields));
  };
  await edit("nosuch@contoso.test");
  await runTest(ada, id);
  const failed = await told();
  expect(failed).toEqual([expect.stringMatching(/^test_failed: /)]);
  await edit("");
  expect(await told()).toEqual(failed);
  for (const _twice of [1, 2]) {
    await runTest(ada, id);
    expect(await told()).toEqual(["test_passed", ...failed]);
  }
});

test("a registration that is refused and works again is the provider's history", async () => {
  await letExpire(ids.cloudProviderId);
  sandbox().faults.set("secret_expired");
  await refreshDue("keeper");
  const [, ...changes] = (await listProviderHistory(ada, ids.cloudProviderId)).rows;
  expect(states(changes)[0]).toBe("working → fix_registration");
  expect(changes[0]?.reason).toMatch(/secret/i);
});
