import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { msalClient, signIn, startTestSandbox, type TestSandbox } from "../testing";
import { openWire, plainGreeting, type Wire, xoauth2 } from "../testing-wire";

let sandbox: TestSandbox;
const tokens = { alice: "", bob: "", nomail: "", app: "" };

beforeAll(async () => {
  sandbox = await startTestSandbox();
  const token = async (name: string) =>
    (await signIn(msalClient(sandbox), `${name}@contoso.test`)).accessToken;
  const { clientId, clientSecret } = sandbox.serviceRegistration;
  const app = await msalClient(sandbox, {
    clientId,
    auth: { clientSecret },
  }).acquireTokenByClientCredential({ scopes: ["https://outlook.office365.com/.default"] });
  tokens.alice = await token("alice");
  tokens.bob = await token("bob");
  tokens.nomail = await token("nomail");
  tokens.app = app?.accessToken ?? "";
});
beforeEach(() => sandbox.faults.clearAll());
afterAll(() => sandbox.dispose());

describe("imapflow", () => {
  test.each([
    { who: "the owner", user: "alice@contoso.test", token: "alice" as const },
    { who: "a member of a shared mailbox", user: "support@contoso.test", token: "bob" as const },
    {
      who: "an application with a permission on it",
      user: "sales@contoso.test",
      token: "app" as const,
    },
  ])("opens the mailbox for $who", async ({ user, token }) => {
    await withClient(user, tokens[token], async (client) => {
      expect(await client.status("INBOX", { messages: true, unseen: true })).toMatchObject({
        messages: 3,
      });
    });
  });

  test("searches, reads, downloads, flags, copies, moves and deletes", async () => {
    await withClient("alice@contoso.test", tokens.alice, async (client) => {
      const lock = await client.getMailboxLock("INBOX");
      expect(await client.search({ from: "customer.test" }, { uid: true })).toEqual([2]);
      const message = await client.fetchOne(
        "3",
        { bodyStructure: true, source: true, uid: true },
        { uid: true },
      );
      expect(message).toHaveProperty("bodyStructure.childNodes.length", 2);
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

  test("hears of a new message while it idles", async () => {
    await withClient("bob@contoso.test", tokens.bob, async (client) => {
      await client.mailboxOpen("INBOX");
      const arrived = new Promise<number>((resolve) =>
        client.on("exists", ({ count }: { count: number }) => resolve(count)),
      );
      const idling = client.idle();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const body = new URLSearchParams({
        from: "kim@customer.test",
        to: "bob@contoso.test",
        subject: "Now",
      });
      await fetch(`${sandbox.controlUrl}messages`, { method: "POST", body });
      expect(await arrived).toBe(4);
      await client.noop();
      await idling;
    });
  });
});

describe("by hand", () => {
  test("the greeting and the capabilities are Exchange's", async () => {
    const { wire, greeting } = await open();
    expect(greeting).toMatch(
      /^\* OK The Microsoft Exchange IMAP4 service is ready\. \[[\w+/=]+\]$/,
    );
    expect(await wire.ask("a CAPABILITY")).toBe(
      "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
    );
    wire.close();
  });

  test("the SASL response may come on its own line", async () => {
    const { wire } = await open();
    expect(await wire.ask("a AUTHENTICATE XOAUTH2")).toBe("+ ");
    expect(await wire.ask(xoauth2("alice@contoso.test", tokens.alice))).toBe(
      "a OK AUTHENTICATE completed.",
    );
    wire.close();
  });

  test.each([
    { what: "rubbish", user: "alice@contoso.test", token: () => "rubbish" },
    {
      what: "an altered token",
      user: "alice@contoso.test",
      token: () => `${tokens.alice.slice(0, -8)}AAAAAAAA`,
    },
    { what: "an unknown mailbox", user: "nobody@contoso.test", token: () => tokens.alice },
    {
      what: "an application without a permission",
      user: "bob@contoso.test",
      token: () => tokens.app,
    },
  ])("$what is refused without a reason", async ({ user, token }) => {
    const { wire } = await open();
    expect(await wire.ask(`a AUTHENTICATE XOAUTH2 ${xoauth2(user, token())}`)).toBe(
      "a NO AUTHENTICATE failed.",
    );
    wire.close();
  });

  test.each([
    { what: "somebody else's mailbox", user: "bob@contoso.test", token: "alice" as const },
    { what: "a shared mailbox of others", user: "sales@contoso.test", token: "bob" as const },
    { what: "a person without a mailbox", user: "nomail@contoso.test", token: "nomail" as const },
  ])("$what is authenticated but not connected", async ({ user, token }) => {
    const { wire } = await open();
    expect(await wire.ask(`a AUTHENTICATE XOAUTH2 ${xoauth2(user, tokens[token])}`)).toBe(
      "a OK AUTHENTICATE completed.",
    );
    expect(await wire.ask("b SELECT INBOX")).toBe("b BAD User is authenticated but not connected.");
    expect(await wire.line()).toBe("* BYE Connection closed. 14");
    expect(await wire.line()).toBeUndefined();
  });

  test("a password is refused", async () => {
    const { wire } = await open();
    expect(await wire.ask('a LOGIN "alice@contoso.test" "password"')).toBe("a NO LOGIN failed.");
    wire.close();
  });

  test("a line without end is cut off", async () => {
    const { wire } = await open();
    wire.send(`a NOOP ${"x".repeat(70_000)}`);
    expect(await wire.line()).toMatch(/^\* BYE/);
  });
});

describe("a fault", () => {
  test.each([
    { id: "imap_disabled", answers: ["a NO AUTHENTICATE failed."] },
    { id: "temporary", answers: ["a NO [UNAVAILABLE] Server Unavailable. 15"] },
    {
      id: "too_many_connections",
      answers: ["* BYE Too many simultaneous connections. 11", "a NO AUTHENTICATE failed."],
    },
    { id: "no_xoauth2", answers: ["a NO AUTHENTICATE Unsupported authentication mechanism."] },
  ])("$id answers the login", async ({ id, answers }) => {
    sandbox.faults.set(id);
    const { wire } = await open();
    wire.send(`a AUTHENTICATE XOAUTH2 ${xoauth2("alice@contoso.test", tokens.alice)}`);
    for (const answer of answers) expect(await wire.line()).toBe(answer);
    wire.close();
  });

  test("authenticated_not_connected strikes after the login", async () => {
    sandbox.faults.set("authenticated_not_connected", { mailbox: "alice@contoso.test" });
    const { wire } = await open();
    await wire.ask(`a AUTHENTICATE XOAUTH2 ${xoauth2("alice@contoso.test", tokens.alice)}`);
    expect(await wire.ask("b STATUS INBOX (MESSAGES)")).toBe(
      "b BAD User is authenticated but not connected.",
    );
    wire.close();
  });

  test("xss_banner puts markup into the greeting", async () => {
    sandbox.faults.set("xss_banner");
    const { wire, greeting } = await open();
    expect(greeting).toContain("<img src=x onerror=");
    wire.close();
  });

  test("no_starttls hides the upgrade of the server that has one", async () => {
    expect(await plainGreeting(sandbox.ports.customImap)).toMatch(/^\* OK Fabrikam/);
    const { imap } = sandbox.passwordMail;
    const account = { user: sandbox.passwordMail.address, pass: sandbox.passwordMail.password };
    const connect = () => {
      const client = new ImapFlow({
        host: "localhost",
        port: imap.port,
        secure: false,
        doSTARTTLS: true,
        tls: { ca: sandbox.caPem },
        auth: account,
        logger: false,
      });
      client.on("error", () => undefined);
      return client.connect().finally(() => client.close());
    };
    await connect();
    sandbox.faults.set("no_starttls");
    await expect(connect()).rejects.toThrow();
  });
});

async function open(): Promise<{ wire: Wire; greeting: string | undefined }> {
  const wire = await openWire(sandbox.ports.imap, sandbox.caPem);
  return { wire, greeting: await wire.line() };
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
