import { createTransport } from "nodemailer";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { msalClient, signIn, startTestSandbox, type TestSandbox } from "../testing";
import { openWire, xoauth2 } from "../testing-wire";

let sandbox: TestSandbox;
const tokens = { alice: "", bob: "" };

beforeAll(async () => {
  sandbox = await startTestSandbox();
  tokens.alice = (await signIn(msalClient(sandbox), "alice@contoso.test")).accessToken;
  tokens.bob = (await signIn(msalClient(sandbox), "bob@contoso.test")).accessToken;
});
beforeEach(() => sandbox.faults.clearAll());
afterAll(() => sandbox.dispose());

describe("nodemailer", () => {
  test("sends as oneself, and dots survive", async () => {
    await send("bob", { from: "bob@contoso.test", text: "one\n.\n..two" });
    const wire = await openWire(sandbox.ports.pop3, sandbox.caPem);
    await wire.line();
    await wire.ask("AUTH XOAUTH2");
    await wire.ask(xoauth2("alice@contoso.test", tokens.alice));
    wire.send("RETR 4");
    const lines = await wire.until(/^\.$/);
    expect(lines.slice(lines.indexOf("") + 1)).toEqual(["one", "..", "...two", "."]);
    wire.close();
  });

  test("sends as a shared mailbox with Send As, and not without", async () => {
    await send("alice", { from: "support@contoso.test" });
    await expect(send("bob", { from: "support@contoso.test" })).rejects.toMatchObject({
      responseCode: 550,
      message: expect.stringContaining("5.7.60"),
    });
  });

  test("is refused a forged From in the message", async () => {
    const envelope = { from: "bob@contoso.test", to: "alice@contoso.test" };
    await expect(send("bob", { from: "alice@contoso.test", envelope })).rejects.toMatchObject({
      responseCode: 554,
      message: expect.stringContaining("SendAsDenied"),
    });
  });

  test("is refused the shared address as the user", async () => {
    const verifying = transport("support@contoso.test", tokens.alice).verify();
    await expect(verifying).rejects.toMatchObject({
      code: "EAUTH",
      responseCode: 535,
      response: expect.stringMatching(/^535 5\.7\.3 Authentication unsuccessful \[/),
    });
  });

  test("is refused recipients outside the sandbox", async () => {
    await expect(
      send("bob", { from: "bob@contoso.test", to: "x@example.com" }),
    ).rejects.toMatchObject({
      responseCode: 550,
    });
  });

  test("logs in with a password where that is possible", async () => {
    const { address: user, password: pass, smtp } = sandbox.passwordMail;
    const options = {
      host: "localhost",
      port: smtp.port,
      secure: true,
      tls: { ca: sandbox.caPem },
    };
    for (const authMethod of ["PLAIN", "LOGIN"])
      expect(await createTransport({ ...options, authMethod, auth: { user, pass } }).verify()).toBe(
        true,
      );
    const wrong = createTransport({ ...options, auth: { user, pass: "wrong" } }).verify();
    await expect(wrong).rejects.toMatchObject({ responseCode: 535 });
  });
});

describe("a fault", () => {
  test.each([
    {
      id: "smtp_auth_disabled_tenant",
      code: 535,
      says: "SmtpClientAuthentication is disabled for the Tenant.",
    },
    {
      id: "smtp_auth_disabled_mailbox",
      code: 535,
      says: "SmtpClientAuthentication is disabled for the Mailbox.",
    },
    {
      id: "security_defaults",
      code: 535,
      says: "did not meet the criteria to be authenticated successfully",
    },
    { id: "too_many_connections", code: 432, says: "4.3.2 Concurrent connections limit exceeded" },
    { id: "temporary", code: 454, says: "4.7.0" },
  ])("$id refuses the login", async ({ id, code, says }) => {
    sandbox.faults.set(id, { mailbox: "bob@contoso.test" });
    await expect(transport("bob@contoso.test", tokens.bob).verify()).rejects.toMatchObject({
      responseCode: code,
      response: expect.stringContaining(says),
    });
    expect(await transport("alice@contoso.test", tokens.alice).verify()).toBe(true);
  });

  test("send_as_denied refuses the sender", async () => {
    sandbox.faults.set("send_as_denied");
    await expect(send("bob", { from: "bob@contoso.test" })).rejects.toMatchObject({
      responseCode: 550,
    });
  });

  test.each(["no_starttls", "no_xoauth2"])("%s keeps the client from logging in", async (id) => {
    sandbox.faults.set(id);
    await expect(transport("bob@contoso.test", tokens.bob).verify()).rejects.toThrow();
  });
});

function transport(user: string, accessToken: string) {
  return createTransport({
    host: "localhost",
    port: sandbox.ports.smtp,
    requireTLS: true,
    tls: { ca: sandbox.caPem },
    auth: { type: "OAuth2", user, accessToken },
  });
}

function send(
  name: "alice" | "bob",
  message: { from: string; to?: string; text?: string; envelope?: { from: string; to: string } },
) {
  const defaults = { to: "alice@contoso.test", subject: "Test", text: "Hello" };
  return transport(`${name}@contoso.test`, tokens[name]).sendMail({ ...defaults, ...message });
}
