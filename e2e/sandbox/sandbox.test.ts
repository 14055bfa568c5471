import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { msalClient, signIn, startTestSandbox, type TestSandbox } from "./testing";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});

afterAll(() => sandbox.dispose());

test("a person signs in, and the token opens the mailbox over IMAP", async () => {
  const result = await signIn(msalClient(sandbox), "alice@contoso.test");
  expect(result.account?.username).toBe("alice@contoso.test");
  const client = new ImapFlow({
    host: "localhost",
    port: sandbox.ports.imap,
    secure: true,
    tls: { ca: sandbox.caPem },
    auth: { user: "alice@contoso.test", accessToken: result.accessToken },
    logger: false,
  });
  await client.connect();
  const lock = await client.getMailboxLock("INBOX");
  const subjects: (string | undefined)[] = [];
  for await (const message of client.fetch("1:*", { envelope: true, bodyStructure: true }))
    subjects.push(message.envelope?.subject);
  lock.release();
  await client.logout();
  expect(subjects).toEqual([
    "Welcome to the sandbox",
    "Où est ma commande ? Order 4711 · 注文",
    "Invoice 2026-118",
  ]);
});

test("what is sent over SMTP arrives at the other mailbox", async () => {
  const { accessToken } = await signIn(msalClient(sandbox), "bob@contoso.test");
  const transport = createTransport({
    host: "localhost",
    port: sandbox.ports.smtp,
    requireTLS: true,
    tls: { ca: sandbox.caPem },
    auth: { type: "OAuth2", user: "bob@contoso.test", accessToken },
  });
  const sent = await transport.sendMail({
    from: "bob@contoso.test",
    to: "alice@contoso.test",
    subject: "Across",
    text: "Hello\n.\nthere",
  });
  expect(sent.response).toMatch(/^250 2\.0\.0 OK/);
});
