import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { elapsed } from "@/lib/kernel/clock";
import { query } from "../installation";
import { type MailBench, NEAR } from "../mail/mailboxes";
import { cpuMs, memoryOf } from "../process-usage";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { type Row, row } from "../table";

const DEADLINE_MS = 240_000;
const MESSAGES_PER_SECOND = 50;
const SECONDS = atMost(60, 3);
const LOOK_EVERY_MS = 50;
const WITHIN_S = 2;
const MEMORY_TARGET_MB = 400;
const MB = 1_024 * 1_024;

/** What it costs to follow a thousand inboxes, and how soon a new sender stands in the list. */
export async function measureCapture(bench: MailBench): Promise<Row[]> {
  const { databaseUrl } = bench;
  const count = bench.accounts[NEAR]?.length ?? 0;
  await query(
    databaseUrl,
    `WITH list AS (INSERT INTO "ContactList" (id, name, "nameKey")
       VALUES (gen_random_uuid(), 'Senders', 'senders') RETURNING id)
     UPDATE "EmailAccount" SET "contactListId" = (SELECT id FROM list)`,
  );
  const startedAt = elapsed();
  const keeperPid = bench.startKeeper({});
  await untilFollowed(databaseUrl, count);
  const followedAfter = (elapsed() - startedAt) / 1_000;
  const cpuBefore = cpuMs(keeperPid);
  const delays = await sendAndWatch(bench, count);
  const cpu = (cpuMs(keeperPid) - cpuBefore) / delays.length;
  const [p50, p95] = [median(delays), percentile(delays, 0.95)].map((ms) => ms / 1_000);
  const memoryMb = memoryOf(keeperPid) / MB;
  const sent = MESSAGES_PER_SECOND * SECONDS;
  const accounts = count.toLocaleString("en");
  return [
    row(
      `${accounts} inboxes at Dovecot: followed by one keeper after`,
      `${followedAfter.toFixed(0)} s`,
      {
        text: "<= 120 s",
        isReached: followedAfter <= 120,
      },
    ),
    row(
      `${accounts} inboxes, ${MESSAGES_PER_SECOND} messages/s: sender in the list, p95`,
      `${p95?.toFixed(2)} s (p50 ${p50?.toFixed(2)} s)`,
      { text: `<= ${WITHIN_S} s`, isReached: (p95 ?? Number.POSITIVE_INFINITY) <= WITHIN_S },
    ),
    row(`of ${sent.toLocaleString("en")} messages: missed`, `${sent - delays.length}`, {
      text: "0",
      isReached: delays.length === sent,
    }),
    row(
      `memory of the keeper at ${accounts} inboxes (PSS)`,
      `${Math.round(memoryMb)} MB (CPU ${cpu.toFixed(1)} ms per message)`,
      { text: `<= ${MEMORY_TARGET_MB} MB`, isReached: memoryMb <= MEMORY_TARGET_MB },
    ),
  ];
}

async function untilFollowed(databaseUrl: string, count: number): Promise<void> {
  for (const deadline = elapsed() + DEADLINE_MS; ; await sleep(250)) {
    const [found] = await query<{ followed: number; failure: string | null }>(
      databaseUrl,
      `SELECT count("followingSince")::int AS followed, max("failureId") AS failure FROM "CaptureState"`,
    );
    if (found?.followed === count) return;
    if (elapsed() > deadline)
      throw new Error(`${found?.followed} of ${count} are followed (${found?.failure}).`);
  }
}

/** Delivers at an even pace, and looks for each sender until he is there. In milliseconds each. */
async function sendAndWatch({ inboxes, databaseUrl }: MailBench, count: number): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const total = MESSAGES_PER_SECOND * SECONDS;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const send = async () => {
    const begun = elapsed();
    for (let number = 0; number < total; number += 1) {
      await sleep(Math.max(0, begun + (number * 1_000) / MESSAGES_PER_SECOND - elapsed()));
      // Any order but that of the accounts: 389 and a thousand have no divisor in common.
      const user = `mailbox${(number * 389) % count}@contoso.test`;
      const from = `s${number}@customer.example`;
      sentAt.set(from, elapsed());
      await inboxes.put(user, `From: Sender <${from}>\r\nSubject: x\r\n\r\nx\r\n`);
    }
  };
  const watch = async () => {
    for (
      const deadline = elapsed() + DEADLINE_MS;
      elapsed() < deadline;
      await sleep(LOOK_EVERY_MS)
    ) {
      const { rows } = await client.query<{ email: string }>(
        `SELECT email FROM "Contact" WHERE "emailKey" = ANY($1::text[])`,
        [[...sentAt.keys()]],
      );
      for (const { email } of rows) {
        delays.push(elapsed() - (sentAt.get(email) ?? 0));
        sentAt.delete(email);
      }
      if (delays.length === total) return;
    }
  };
  await Promise.all([send(), watch()]);
  await client.end();
  return delays;
}
