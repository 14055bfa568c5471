import { beforeEach, expect, test } from "vitest";
import { notePasswordUse, saveCompanyOnly } from "@/lib/access/company/store";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();
const ada = administrator();

async function open() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(ada);
  return rows.filter(({ quietSince }) => quietSince === null);
}

const setOnly = (only: boolean) => db().$transaction((tx) => saveCompanyOnly(tx, only));

beforeEach(() => setOnly(false));

test("a password that is used although company sign-in is required is an incident", async () => {
  await setOnly(true);
  expect(await open()).toEqual([]);
  await notePasswordUse({ name: "Ada", method: "password" });
  const told = { kind: "password", remedyId: "company.password_used" };
  expect(await open()).toMatchObject([{ ...told, subject: "Password sign-in of Ada" }]);
  await notePasswordUse({ name: "Ada", method: "passkey" });
  expect(await open()).toMatchObject([{ ...told, subject: "Passkey sign-in of Ada" }]);
  await setOnly(false);
  expect(await open()).toEqual([]);
});

test("where it is not required, a password is nothing to report", async () => {
  await notePasswordUse({ name: "Ada", method: "password" });
  expect(await open()).toEqual([]);
});
