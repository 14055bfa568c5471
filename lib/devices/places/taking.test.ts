import { beforeAll, expect, test, vi } from "vitest";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import type { MailService } from "@/lib/mail/services/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm, hostsAt } from "@/lib/testing/sign-in";
import { Places } from "./places";

/** What a gateway takes of the installation for a moment, and gives back. */
withDatabase();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  const hosts = hostsAt();
  const custom = { service: "custom", modernAuthentication: false, password: "p", hosts };
  ({ id: emailAccountId } = await createEmailAccount(ada, accountForm(custom)));
});

const wanted = (protocol: Protocol, service: MailService = "outlook365") => ({
  mailboxId: emailAccountId,
  service,
  protocol,
});
test("a place that is given back is the next login's, and another gateway's soon", async () => {
  const [one, other] = [new Places(), new Places()];
  await Promise.all([one.start(), other.start()]);
  const giveBack = await one.take(wanted("pop3"));
  giveBack?.();
  expect(await db().mailboxPlace.count()).toBe(1);
  const again = await one.take(wanted("pop3"));
  expect(again).not.toBeNull();
  again?.();
  const others = await other.take(wanted("pop3"));
  expect(others).not.toBeNull();
  others?.();
  await expect.poll(() => db().mailboxPlace.count(), { timeout: 10_000 }).toBe(0);
  await Promise.all([one.stop(), other.stop()]);
}, 40_000);

/** The next statement is done, and its answer does not come. */
function loseNextAnswer(): void {
  const own = pool();
  const { query } = own;
  const lost = async (...asked: unknown[]) => {
    own.query = query;
    await Reflect.apply(query, own, asked);
    throw new Error("The connection ended.");
  };
  Object.assign(own, { query: lost });
}

test("a place is free again that was taken although no answer came", async () => {
  const places = new Places();
  await places.start();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    loseNextAnswer();
    await expect(places.take(wanted("pop3"))).rejects.toThrow("The connection ended.");
    expect(await db().mailboxPlace.count()).toBe(1);
    vi.advanceTimersByTime(30 * SECOND_MS);
  } finally {
    vi.useRealTimers();
  }
  await expect.poll(() => db().mailboxPlace.count()).toBe(0);
  await places.stop();
});

test("where the one that is idle longest can't part at once, the next one gives its place", async () => {
  const places = new Places();
  await places.start();
  const taken = await Promise.all([0, 1, 2].map(() => places.take(wanted("smtp"))));
  const [, ofNext] = taken;
  const asked: string[] = [];
  const offer = (name: string, idleMs: number, giveUp: () => boolean) =>
    places.offer(emailAccountId, {
      idleMs,
      giveUp: () => {
        asked.push(name);
        return giveUp();
      },
    });
  offer("stuck", 60 * SECOND_MS, () => false);
  offer("next", 30 * SECOND_MS, () => {
    ofNext?.();
    return true;
  });
  offer("last", 20 * SECOND_MS, () => true);
  offer("at work", 0, () => true);
  const fourth = await places.take(wanted("smtp"));
  expect(fourth).not.toBeNull();
  expect(asked.slice(0, 2)).toEqual(["stuck", "next"]);
  for (const giveBack of [...taken, fourth]) giveBack?.();
  await places.stop();
}, 40_000);

test("a server of one's own has more connections of SMTP at once than Exchange Online", async () => {
  const places = new Places();
  await places.start();
  const take = () => places.take(wanted("smtp", "custom"));
  const taken = await Promise.all(Array.from({ length: 10 }, take));
  expect(taken.filter((each) => each !== null)).toHaveLength(10);
  expect(await db().mailboxPlace.count()).toBe(10);
  for (const giveBack of taken) giveBack?.();
  await places.stop();
}, 40_000);
