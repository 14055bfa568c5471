import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire, letRetryNow, refreshDue } from "@/lib/testing/tokens";
import { listAccountHistory, listProviderHistory } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
let ids: { cloudProviderId: string; emailAccountId: string };

beforeAll(async () => {
  ids = await connectedAccount(ada, sandbox());
});

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
});

test("a registration that is refused and works again is the provider's history", async () => {
  await letExpire(ids.cloudProviderId);
  sandbox().faults.set("secret_expired");
  await refreshDue("keeper");
  const [, ...changes] = (await listProviderHistory(ada, ids.cloudProviderId)).rows;
  expect(states(changes)[0]).toBe("working → fix_registration");
  expect(changes[0]?.reason).toMatch(/secret/i);
});
