import { text } from "node:stream/consumers";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedCache } from "@/lib/testing/tokens";
import type { Sandbox } from "../sandbox-process";

// A process of its own, under the conditions and with the key of the product. One person really signs
// in; the other sign-ins are copies with refresh tokens of their own.

export type SeedOrder = { sandbox: Sandbox; working: number; idle: number };

const PER_PROVIDER = 10;

const { sandbox, working, idle } = JSON.parse(await text(process.stdin)) as SeedOrder;
const { cloudProviderId } = await connectedAccount(administrator("Benchmark"), sandbox);
const cache = await openedCache(cloudProviderId);
const { homeAccountId } = await db().authorization.findFirstOrThrow();
const common = { perProvider: PER_PROVIDER, dueInMs: HOUR_MS, homeAccountId };
await seedAuthorizations(sandbox, { ...common, cache, count: working });
const withoutTokens = JSON.stringify({ RefreshToken: {} });
await seedAuthorizations(sandbox, { ...common, cache: withoutTokens, count: idle, isIdle: true });
process.stdout.write("{}");
await db().$disconnect();
await pool().end();
