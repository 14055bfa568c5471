import { text } from "node:stream/consumers";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { createApiKey, createDevice } from "@/lib/testing/made";

// A process of its own, under the conditions and with the key of the product, as seed-mailboxes.ts is.

export type DevicesOrder = { accounts: string[] };
/** One device of each account, in their order. */
export type SeededDevices = { apiKey: string; devices: { id: string; password: string }[] };

const { accounts } = JSON.parse(await text(process.stdin)) as DevicesOrder;
const ada = administrator("Benchmark");
const devices: SeededDevices["devices"] = [];
for (const [at, emailAccountId] of accounts.entries())
  devices.push(
    await createDevice(ada, {
      name: `Device ${at}`,
      emailAccountId,
      protocols: ["imap", "smtp"],
    }),
  );
const { key } = await createApiKey(ada, { name: "Revokes", permissions: ["devices:write"] });
process.stdout.write(JSON.stringify({ apiKey: key, devices } satisfies SeededDevices));
await db().$disconnect();
await pool().end();
