import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator, program } from "@/lib/testing/actors";
import { seedProvider } from "@/lib/testing/outage";
import { withInstallation } from "@/lib/testing/sandbox";
import { listSignIns } from "./queries";
import type { Selection } from "./schema";

withInstallation();
const ada = administrator();
let ids: string[];

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await seedProvider({ accounts: 20 });
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  ids = rows.map(({ id }) => id);
});

const ticked = (count: number): Selection => ({
  accounts: "selected",
  emailAccountIds: ids.slice(0, count),
});
const everything: Selection = { accounts: "all", search: "" };

describe("who has to sign in for many accounts", () => {
  const at = (data: object, ...which: (string | undefined)[]) =>
    db().emailAccount.updateMany({ where: { id: { in: which.map((id) => id ?? "") } }, data });

  test("is each person once, by provider, with where it begins", async () => {
    const other = await seedProvider({ accounts: 0, name: "Other" });
    await at({ cloudProviderId: other, usernameKey: "dave@contoso.test" }, ids[0], ids[1]);
    await at({ usernameKey: "eve@contoso.test", username: "Eve@contoso.test" }, ids[2]);
    const { providers, others } = await listSignIns(ada, ticked(10));
    expect(providers).toMatchObject([
      { name: "Contoso", grant: "delegated", people: [{ username: "Eve@contoso.test" }] },
      { name: "Other", people: [{ accounts: 2, emailAccountId: ids[0] }] },
    ]);
    expect(providers[0]?.people[0]?.address).toBe(`http://localhost:3000/email/accounts/${ids[2]}`);
    expect(others).toEqual([{ state: "connected", accounts: 7 }]);
  });

  test("is no one for accounts without a provider, with a password or switched off", async () => {
    await at({ cloudProviderId: null }, ids[0]);
    await at({ modernAuthentication: false }, ids[1]);
    await at({ active: false }, ids[2]);
    const { providers, others } = await listSignIns(ada, ticked(3));
    expect(providers).toEqual([]);
    expect(others.map(({ state }) => state).sort()).toEqual([
      "inactive",
      "no_provider",
      "password",
    ]);
  });

  test("is told to a program of its own accounts alone", async () => {
    await at({ usernameKey: "eve@contoso.test" }, ids[0], ids[1]);
    const some = { ...program("accounts:read"), accounts: { ids: [ids[1] ?? ""] } };
    const { providers } = await listSignIns(some, everything);
    expect(providers[0]?.people).toMatchObject([{ emailAccountId: ids[1], accounts: 1 }]);
  });
});
