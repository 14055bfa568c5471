import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider, setTokens } from "@/lib/testing/outage";
import { listOpenIncidents } from "./queries";
import { watchIncidents } from "./watch";

withDatabase();
const REVOKED = { state: "sign_in_again", failureId: "AADSTS50173" };
const watch = () => watchIncidents({ enqueue: async () => {} });
const open = async () => (await listOpenIncidents(administrator())).rows;

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "Incident", "EmailAccount", "CloudProvider" CASCADE`;
});

test("5,000 failing accounts are found while the statistics still say that there is none", async () => {
  await db().$executeRaw`ANALYZE "EmailAccount", "Authorization", "TokenSet"`;
  await setTokens(await seedProvider({ accounts: 5_000 }), REVOKED);
  await watch();
  expect(await open()).toMatchObject([{ accounts: 5_000 }]);
}, 60_000);

test("a look at 50,000 sign-ins, 5,000 of them failing, takes well under a second", async () => {
  await seedProvider({ accounts: 45_000 });
  await setTokens(await seedProvider({ accounts: 5_000 }), REVOKED);
  await db().$executeRaw`ANALYZE`;
  await watch();
  const startedAt = performance.now();
  await watch();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
}, 60_000);
