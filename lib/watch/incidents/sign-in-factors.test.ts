import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { notePasswordUse, saveCompanyOnly } from "@/lib/access/company/store";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();

const setOnly = (only: boolean) => db().$transaction((tx) => saveCompanyOnly(tx, only));
beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "Incident" CASCADE`;
  await db().$executeRaw`UPDATE "Installation" SET "secondFactorRoles" = '{}'`;
  await db().administrator.deleteMany();
  await setOnly(false);
});

async function open() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(administrator());
  return rows.filter(({ quietSince }) => quietSince === null);
}

async function createPerson(): Promise<string> {
  const person = { email: `${randomUUID()}@contoso.test`, name: "Ada", passwordHash: "x" };
  return (await db().administrator.create({ data: person })).id;
}

async function createPasskey(administratorId: string, rpId = "localhost") {
  const passkey = {
    id: randomUUID(),
    administratorId,
    name: "Laptop",
    credentialId: rpId,
    counter: 7,
    publicKey: Buffer.from("x"),
    transports: [],
    deviceType: "singleDevice",
    isBackedUp: false,
    aaguid: "",
    rpId,
  };
  await db().passkey.create({ data: passkey });
}

test("a passkey whose counter went back is an incident until it is removed", async () => {
  await createPasskey(await createPerson());
  expect(await open()).toEqual([]);
  await db().passkey.updateMany({ data: { copiedAt: new Date() } });
  expect(await open()).toMatchObject([
    { kind: "passkey", remedyId: "postkey.passkey_copied", subject: "Ada", accounts: 0 },
  ]);
  await db().passkey.deleteMany();
  expect(await open()).toEqual([]);
});

test("passkeys of an earlier host are an incident where they are the only second factor, and the role needs one", async () => {
  const ada = await createPerson();
  await createPasskey(ada, "old.contoso.test");
  expect(await open()).toEqual([]);
  await db().installation.updateMany({ data: { secondFactorRoles: ["administrator"] } });
  expect(await open()).toMatchObject([
    {
      kind: "passkey",
      remedyId: "postkey.passkeys_elsewhere",
      subject: "Passkeys of old.contoso.test",
      accounts: 0,
    },
  ]);
  await createPasskey(ada);
  expect(await open()).toEqual([]);
});

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
