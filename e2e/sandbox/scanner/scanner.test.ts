import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSandbox, type TestSandbox } from "../testing";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.dispose());

const ALICE = "alice@contoso.test";

const scan = async (changes: Record<string, string>, accept = "application/json") =>
  fetch(`${sandbox.controlUrl}scanner`, {
    method: "POST",
    headers: { accept },
    body: new URLSearchParams({
      port: "1",
      encryption: "tls",
      user: ALICE,
      password: "secret",
      from: ALICE,
      to: ALICE,
      ...changes,
    }),
  });

describe("the scanner of the sandbox", () => {
  test("has a page with its settings", async () => {
    const response = await fetch(`${sandbox.controlUrl}scanner`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Scan and send");
  });

  test("tells the dialogue with a server, without the password", async () => {
    const port = `${sandbox.ports.smtp}`;
    const response = await scan({ port, encryption: "starttls" });
    const { lines, isSent } = await response.json();
    // The sandbox's own server takes tokens alone.
    expect(isSent).toBe(false);
    expect(lines).toContain("> STARTTLS");
    expect(lines).toContain("> AUTH PLAIN (user name and password)");
    expect(lines.at(-1)).toMatch(/^[<!] /);
    expect(JSON.stringify(lines)).not.toContain(
      Buffer.from("secret").toString("base64").slice(0, 6),
    );
    expect(await (await scan({ port }, "text/html")).text()).toContain("Not sent");
  });

  test("tells when nothing is there", async () => {
    const { lines, isSent } = await (await scan({ port: "1" })).json();
    expect([isSent, lines]).toEqual([false, [expect.stringMatching(/^! .*ECONNREFUSED/)]]);
  });

  test.each([{ port: "x" }, { encryption: "rot13" }, { from: "a\r\nQUIT" }, { password: "" }])(
    "refuses %j",
    async (changes) => {
      expect((await scan(changes)).status).toBe(400);
    },
  );
});
