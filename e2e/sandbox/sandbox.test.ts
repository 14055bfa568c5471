import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { msalClient, signIn, startTestSandbox, type TestSandbox } from "./testing";

/** What clients that know nothing of the sandbox make of its mail servers. */
let sandbox: TestSandbox;
const ALICE = "alice@contoso.test";
const BOB = "bob@contoso.test";
const tokens = { alice: "", bob: "" };

beforeAll(async () => {
  sandbox = await startTestSandbox();
  tokens.alice = (await signIn(msalClient(sandbox), ALICE)).accessToken;
  tokens.bob = (await signIn(msalClient(sandbox), BOB)).accessToken;
});
beforeEach(() => sandbox.faults.clearAll());
afterAll(() => sandbox.dispose());

test("imapflow searches, reads, downloads, flags, appends, copies and moves", async () => {
  await withClient(ALICE, tokens.alice, async (client) => {
    const lock = await client.getMailboxLock("INBOX");
    const subjects: (string | undefined)[] = [];
    for await (const message of client.fetch("1:*", { envelope: true, bodyStructure: true }))
      subjects.push(message.envelope?.subject);
    expect(subjects).toEqual([
      "Welcome to the sandbox",
      "Où est ma commande ? Order 4711 · 注文",
      "Invoice 2026-118",
    ]);
    expect(await client.search({ from: "customer.test" }, { uid: true })).toEqual([2]);
    const { content } = await client.download("3", "2", { uid: true });
    const chunks: Buffer[] = [];
    for await (const chunk of content ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toContain("Total: 118.00");
    await client.messageFlagsAdd("2", ["\\Flagged"], { uid: true });
    expect(await client.search({ flagged: true }, { uid: true })).toEqual([2]);
    await client.append("INBOX", "Subject: Appended\r\n\r\nText\r\n", ["\\Seen"]);
    const copied = await client.messageCopy("4", "Archive", { uid: true });
    expect(copied).toMatchObject({ uidMap: new Map([[4, 1]]) });
    await client.messageMove("4", "Deleted Items", { uid: true });
    expect(await client.search({ all: true }, { uid: true })).toEqual([1, 2, 3]);
    lock.release();
  });
});

test("imapflow opens a shared mailbox for a member, and not for anyone else", async () => {
  await withClient("support@contoso.test", tokens.bob, async (client) => {
    expect(await client.status("INBOX", { messages: true })).toMatchObject({ messages: 3 });
  });
  const asStranger = (token: string) => withClient(ALICE, token, async () => {});
  // As Exchange does with a valid token of someone without rights on the mailbox.
  const response = "User is authenticated but not connected.";
  await expect(asStranger(tokens.bob)).rejects.toMatchObject({ response });
  await expect(asStranger("rubbish")).rejects.toMatchObject({ authenticationFailed: true });
});

test("nodemailer sends as a shared mailbox with Send As, and is refused without", async () => {
  const from = "support@contoso.test";
  await send(ALICE, tokens.alice, { from, to: ALICE });
  await expect(send(BOB, tokens.bob, { from, to: ALICE })).rejects.toMatchObject({
    responseCode: 550,
    message: expect.stringContaining("5.7.60"),
  });
});

function send(user: string, accessToken: string, envelope: { from: string; to: string }) {
  const transport = createTransport({
    host: "localhost",
    port: sandbox.ports.smtp,
    requireTLS: true,
    tls: { ca: sandbox.caPem },
    auth: { type: "OAuth2", user, accessToken },
  });
  return transport.sendMail({ ...envelope, subject: "Across", text: "one\n.\n..two\n" });
}

async function withClient(
  user: string,
  accessToken: string,
  run: (client: ImapFlow) => Promise<void>,
) {
  const client = new ImapFlow({
    host: "localhost",
    port: sandbox.ports.imap,
    secure: true,
    tls: { ca: sandbox.caPem },
    auth: { user, accessToken },
    logger: false,
  });
  try {
    await client.connect();
    await run(client);
  } finally {
    client.close();
  }
}
