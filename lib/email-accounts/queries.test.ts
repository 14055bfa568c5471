import { beforeAll, expect, test } from "vitest";
import { mintActor } from "@/lib/kernel/mint-actor";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { statementsOf } from "@/lib/testing/statements";
import { createEmailAccount } from "./mutations";
import { findEmailAccount } from "./queries";

withDatabase();
const ada = administrator();
const reader = program("accounts:read");
const ids: string[] = [];

beforeAll(async () => {
  for (const key of ["ONE", "TWO"]) {
    const names = { key, name: key, emailAddress: `${key}@contoso.test`, username: key };
    const form = accountForm({ ...names, modernAuthentication: false, password: "typed" });
    ids.push((await createEmailAccount(ada, form)).id);
  }
});

test("accounts that are asked for at once are read by one statement, which is prepared", async () => {
  const asked = async () => {
    const found = await Promise.all(ids.map((id) => findEmailAccount(reader, id)));
    expect(found.map((each) => each?.key)).toEqual(["ONE", "TWO"]);
  };
  expect(await statementsOf(asked)).toEqual([
    expect.objectContaining({ name: expect.any(String), values: [ids] }),
  ]);
});

test("who asks at the same time gets the accounts alone that they reach", async () => {
  const [one = "", two = ""] = ids;
  const byId = mintActor({ ...reader, accounts: { ids: [one] } });
  const byKey = mintActor({ ...reader, accounts: { keyPrefix: "tw" } });
  const found = await Promise.all(
    [byId, byKey, reader].flatMap((actor) => [
      findEmailAccount(actor, one),
      findEmailAccount(actor, two.toUpperCase()),
    ]),
  );
  expect(found.map((each) => each?.key ?? "none").join(" ")).toBe("ONE none none TWO ONE TWO");
});
