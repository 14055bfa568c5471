import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { cpuMs, inFull, median, memoryMb, percentile } from "../rounds";
import { startMail } from "./mail";

const MESSAGES_PER_SECOND = 50;
const MESSAGES = MESSAGES_PER_SECOND * inFull(60, 3);

/** What it costs to follow a thousand inboxes, and how soon a new sender stands in the list. */
export async function measureCapture(bench: Bench): Promise<Figure[]> {
  const mailboxes = inFull(1_000, 40);
  const wanted = { name: "capture", mailboxes, connections: 1_000 };
  const { site, inboxes } = await startMail(bench, wanted);
  await site.query(
    `WITH list AS (INSERT INTO "ContactList" (id, name, "nameKey")
       VALUES (gen_random_uuid(), 'Senders', 'senders') RETURNING id)
     UPDATE "EmailAccount" SET "contactListId" = (SELECT id FROM list)`,
  );
  const startedAt = performance.now();
  const keeper = site.keeper();
  await until(250, async () => {
    const [found] = await site.query<{ followed: number }>(
      `SELECT count("followingSince")::int AS followed FROM "CaptureState"`,
    );
    return found?.followed === mailboxes;
  });
  const followedAfter = (performance.now() - startedAt) / 1_000;

  const cpuBefore = cpuMs(keeper);
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const put = async (number: number) => {
    // Any order but that of the accounts: 389 and a thousand have no divisor in common.
    const user = `mailbox${(number * 389) % mailboxes}@contoso.test`;
    const from = `s${number}@customer.example`;
    sentAt.set(from, performance.now());
    await inboxes.put(user, `From: Sender <${from}>\r\nSubject: x\r\n\r\nx\r\n`);
  };
  const watching = until(50, async () => {
    const rows = await site.query<{ email: string }>(
      `SELECT email FROM "Contact" WHERE "emailKey" = ANY($1::text[])`,
      [[...sentAt.keys()]],
    );
    for (const { email } of rows) {
      delays.push(performance.now() - (sentAt.get(email) ?? 0));
      sentAt.delete(email);
    }
    return delays.length === MESSAGES;
  });
  const begun = performance.now();
  for (let number = 0; number < MESSAGES; number += 1) {
    const dueAt = begun + (number * 1_000) / MESSAGES_PER_SECOND;
    await sleep(Math.max(0, dueAt - performance.now()));
    await put(number);
  }
  await watching.catch(() => {}); // those that are missing are counted

  const inAll = inWords(mailboxes, "inboxes");
  const cpu = `CPU ${inWords((cpuMs(keeper) - cpuBefore) / delays.length, "ms")} per message`;
  const p50 = `p50 ${inWords(median(delays), "ms")}`;
  const p95 = percentile(delays, 0.95);
  const title = `${inAll}, ${MESSAGES_PER_SECOND} messages/s: sender in the list, p95`;
  const missed = MESSAGES - delays.length;
  return [
    figure(`${inAll}: followed by one keeper after`, followedAfter, "<= 120 s"),
    figure(title, p95, "<= 2,000 ms", p50),
    figure(`of ${inWords(MESSAGES, "messages")}: missed`, missed, "<= 0"),
    figure(`${inAll}: memory of the keeper`, memoryMb(keeper), "<= 400 MB", cpu),
  ];
}

async function until(everyMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("It did not come to it in time.");
    await sleep(everyMs);
  }
}
