import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { msalClient, signIn, startTestSandbox, type TestSandbox } from "../testing";
import { openWire, plainGreeting, type Wire, xoauth2 } from "../testing-wire";

let sandbox: TestSandbox;
let token = "";

beforeAll(async () => {
  sandbox = await startTestSandbox();
  token = (await signIn(msalClient(sandbox), "bob@contoso.test")).accessToken;
});
beforeEach(() => sandbox.faults.clearAll());
afterAll(() => sandbox.dispose());

describe("POP3 by hand", () => {
  test("greets and names its capabilities as Exchange does", async () => {
    const { wire, greeting } = await open();
    expect(greeting).toMatch(/^\+OK The Microsoft Exchange POP3 service is ready\. \[/);
    wire.send("CAPA");
    expect(await wire.until(/^\.$/)).toEqual([
      "+OK",
      "TOP",
      "UIDL",
      "SASL PLAIN XOAUTH2",
      "USER",
      ".",
    ]);
    wire.close();
  });

  test.each(["bob@contoso.test", "support@contoso.test"])("opens %s in two lines", async (user) => {
    const { wire } = await open();
    expect(await authenticate(wire, user)).toBe("+OK User successfully authenticated.");
    expect(await wire.ask("STAT")).toMatch(/^\+OK 3 \d+$/);
    wire.close();
  });

  test("hangs up on the one-line form", async () => {
    const { wire } = await open();
    expect(await wire.ask(`AUTH XOAUTH2 ${xoauth2("bob@contoso.test", token)}`)).toBe(
      "-ERR Protocol error. Connection is closed. 10",
    );
    expect(await wire.line()).toBeUndefined();
  });

  test("lists, reads and deletes messages", async () => {
    const { wire } = await open();
    await authenticate(wire, "bob@contoso.test");
    wire.send("UIDL");
    const [, first = ""] = await wire.until(/^\.$/);
    wire.send("TOP 1 0");
    const top = await wire.until(/^\.$/);
    expect(top).toContain("Subject: Welcome to the sandbox");
    wire.send("RETR 1");
    expect((await wire.until(/^\.$/)).length).toBeGreaterThan(top.length);
    expect(await wire.ask("DELE 1")).toBe("+OK");
    expect(await wire.ask("RETR 1")).toMatch(/^-ERR/);
    expect(await wire.ask("QUIT")).toMatch(/^\+OK/);
    const again = await open();
    await authenticate(again.wire, "bob@contoso.test");
    again.wire.send("UIDL");
    expect(await again.wire.until(/^\.$/)).not.toContain(first);
    again.wire.close();
  });

  test.each([
    { what: "another person's mailbox", user: "alice@contoso.test", given: () => token },
    { what: "rubbish for a token", user: "bob@contoso.test", given: () => "rubbish" },
  ])("refuses $what", async ({ user, given }) => {
    const { wire } = await open();
    await wire.ask("AUTH XOAUTH2");
    expect(await wire.ask(xoauth2(user, given()))).toBe(
      "-ERR Authentication failure: unknown user name or bad password.",
    );
    wire.close();
  });

  test("refuses a password, and knows one on the server that takes it", async () => {
    const { wire } = await open();
    await wire.ask("USER bob@contoso.test");
    expect(await wire.ask("PASS secret")).toBe(
      "-ERR Logon failure: unknown user name or bad password.",
    );
    wire.close();
    expect(await plainGreeting(sandbox.ports.customPop3)).toBe("+OK Fabrikam mail ready.");
  });

  test.each([
    { id: "pop_disabled", answer: /^-ERR Authentication failure/ },
    { id: "temporary", answer: /^-ERR \[SYS\/TEMP\]/ },
    { id: "too_many_connections", answer: /^-ERR \[IN-USE\]/ },
  ])("answers the login with $id", async ({ id, answer }) => {
    sandbox.faults.set(id);
    const { wire } = await open();
    expect(await authenticate(wire, "bob@contoso.test")).toMatch(answer);
    wire.close();
  });

  test.each(["mail_drop", "mail_hang", "greeting_flood"])("says no line with %s", async (id) => {
    sandbox.faults.set(id, { at: "pop3" });
    const greeting = openWire(sandbox.ports.pop3, sandbox.caPem).then(async (wire) => {
      const patience = new Promise<string>((resolve) => setTimeout(() => resolve("silence"), 200));
      const line = await Promise.race([wire.line(), patience]);
      wire.close();
      return line?.slice(0, 20);
    });
    const expected = id === "greeting_flood" ? /silence|^x+$/ : /silence|ECONNRESET|disconnected/;
    expect(await greeting.catch(String)).toMatch(expected);
  });
});

async function open(): Promise<{ wire: Wire; greeting: string | undefined }> {
  const wire = await openWire(sandbox.ports.pop3, sandbox.caPem);
  return { wire, greeting: await wire.line() };
}

async function authenticate(wire: Wire, user: string): Promise<string | undefined> {
  expect(await wire.ask("AUTH XOAUTH2")).toBe("+ ");
  return wire.ask(xoauth2(user, token));
}
