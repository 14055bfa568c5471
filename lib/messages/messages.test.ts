import { beforeAll, describe, expect, test } from "vitest";
import { setEmailAccountActive } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, connectedAccount } from "@/lib/testing/sign-in";
import { mailThrough } from "@/lib/watch/alerts/channels/mail";
import { readNewestMessages } from "./read";
import { roundTrip } from "./round-trip";
import type { RoundTripEvent } from "./schema";
import { sendTestMessage } from "./send";

const sandbox = withInstallation();
const ada = administrator();
let emailAccountId: string;

beforeAll(async () => {
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
});

async function go(signal = new AbortController().signal): Promise<RoundTripEvent[]> {
  const events: RoundTripEvent[] = [];
  await roundTrip(ada, emailAccountId, { signal, onEvent: (event) => events.push(event) });
  return events;
}

/* What Postkey itself does at the server of a mailbox counts as what its devices do. */
test("a test message is taken by the server and takes a turn of the mailbox, as an alert does", async () => {
  const turns = async () => (await db().mailboxPace.findFirst())?.sentAt.length;
  await db().mailboxPace.deleteMany();
  await db().mailboxRecipients.deleteMany();
  const sent = await sendTestMessage(ada, { emailAccountId, to: BOB });
  expect(sent).toMatchObject({
    messageId: expect.stringMatching(/^<[\w-]+@localhost>$/),
    response: expect.stringMatching(/^250 /),
  });
  expect(await turns()).toBe(1);
  const target = { kind: "email_account" as const, emailAccountId, recipients: [ALICE] };
  const channel = { alertChannelId: emailAccountId, target, secretSealed: null };
  const alert = { id: "1", to: [ALICE, ALICE], subject: "Alert", text: "It is." };
  await mailThrough(ada, channel, alert);
  expect(await turns()).toBe(2);
  expect(await db().mailboxRecipients.findMany()).toMatchObject([{ recipients: 3 }]);
  await expect.poll(() => db().mailboxPlace.count()).toBe(0);
});

test("the newest messages come newest first, twenty at most, and stay unread", async () => {
  for (let count = 0; count < 3; count += 1)
    await sendTestMessage(ada, { emailAccountId, to: ALICE });
  const unread = async () =>
    (await readNewestMessages(ada, emailAccountId)).filter(({ isSeen }) => !isSeen).length;
  await expect.poll(unread).toBeGreaterThanOrEqual(3);
  const before = await unread();
  const messages = await readNewestMessages(ada, emailAccountId);
  expect(messages.length).toBeLessThanOrEqual(20);
  const uids = messages.map(({ uid }) => uid);
  expect(uids).toEqual([...uids].sort((one, other) => Number(other) - Number(one)));
  expect(await unread()).toBe(before);
});

describe("a round trip", () => {
  test("tells when the message was taken and when it arrived", async () => {
    const [sent, arrived] = await go();
    expect(sent).toMatchObject({ type: "sent", sent: { response: expect.any(String) } });
    expect(arrived).toMatchObject({ type: "arrived" });
    expect(arrived?.type === "arrived" && sent?.type === "sent").toBe(true);
    if (arrived?.type !== "arrived" || sent?.type !== "sent") return;
    expect(arrived.afterMs).toBeGreaterThanOrEqual(sent.afterMs);
  });

  test("says what the server refused, with its remedy", async () => {
    sandbox().faults.set("smtp_auth_disabled_mailbox");
    await expect(go()).rejects.toMatchObject({
      code: "conflict",
      remedyId: "smtp.auth_disabled_mailbox",
    });
  });

  test("ends at once when nobody waits any more", async () => {
    expect(await go(AbortSignal.abort())).toEqual([]);
  });
});

test("an account that is switched off sends and reads nothing", async () => {
  await setEmailAccountActive(ada, { id: emailAccountId, active: false });
  const refused = { code: "conflict", remedyId: "postkey.account_inactive" };
  await expect(sendTestMessage(ada, { emailAccountId, to: BOB })).rejects.toMatchObject(refused);
  await expect(readNewestMessages(ada, emailAccountId)).rejects.toMatchObject(refused);
  await setEmailAccountActive(ada, { id: emailAccountId, active: true });
});
