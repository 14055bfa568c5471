import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();

async function open() {
  await watchIncidents({ enqueue: async () => {} });
  const { rows } = await listOpenIncidents(administrator());
  return rows.filter(({ quietSince }) => quietSince === null);
}

test("a passkey whose counter went back is an incident until it is removed", async () => {
  const person = { email: "ada@contoso.test", name: "Ada", passwordHash: "x" };
  const { id: administratorId } = await db().administrator.create({ data: person });
  const passkey = {
    ...{ id: randomUUID(), administratorId, name: "Laptop", credentialId: "x", counter: 7 },
    ...{ publicKey: Buffer.from("x"), transports: [], deviceType: "singleDevice" },
    ...{ isBackedUp: false, aaguid: "", rpId: "localhost" },
  };
  await db().passkey.create({ data: passkey });
  expect(await open()).toEqual([]);
  await db().passkey.updateMany({ data: { copiedAt: new Date() } });
  expect(await open()).toMatchObject([
    { kind: "passkey", remedyId: "postkey.passkey_copied", subject: "Ada", accounts: 0 },
  ]);
  await db().passkey.deleteMany();
  expect(await open()).toEqual([]);
});
