import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { findAddress, rememberAddress } from "./installation.mjs";

/** What the command says, with no database anywhere. */
function reset(...words: string[]): Promise<string> {
  const args = ["scripts/operate.mjs", "administrator-reset", ...words];
  const env = { ...process.env, POSTKEY_DATA: "/nowhere/postkey", DATABASE_URL: "" };
  return new Promise((done) =>
    execFile(process.execPath, args, { env }, (_error, stdout, stderr) => done(stdout + stderr)),
  );
}

test.each([
  ["nothing", [], "The email address is missing."],
  ["a name", ["ada"], "“ada” is not an email address."],
])("a reset of %s names what is missing, not the database", async (_what, words, said) => {
  const text = await reset(...words);
  expect(text).toContain(said);
  expect(text).toContain("npm run administrator:reset -- ada@example.com");
  expect(text).not.toMatch(/database/);
});

test("a reset without a database says where it was looked for", async () => {
  expect(await reset("ada@example.com")).toContain("There is no database in /nowhere/postkey/db.");
});

describe("a link leads", () => {
  afterEach(() => vi.unstubAllEnvs());
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), "postkey-address-"));
    onTestFinished(() => rm(made, { recursive: true }));
    return made;
  };

  test("to where Postkey was last started, without its environment", () => {
    vi.stubEnv("POSTKEY_URL", undefined);
    const data = folder();
    expect(findAddress(data)).toMatchObject({ from: "nowhere" });
    rememberAddress(data, "https://postkey.contoso.test");
    expect(findAddress(data).url).toBe("https://postkey.contoso.test");
  });

  test("to POSTKEY_URL, where that is set", () => {
    vi.stubEnv("POSTKEY_URL", "https://other.contoso.test");
    const data = folder();
    rememberAddress(data, "https://postkey.contoso.test");
    expect(findAddress(data).url).toBe("https://other.contoso.test");
  });
});
