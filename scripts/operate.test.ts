import { execFile } from "node:child_process";
import { expect, onTestFinished, test, vi } from "vitest";
import { folderOfTest } from "@/lib/testing/folder";
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
  ["what is missing", [], "Name the person by an email address"],
  ["what is wrong", ["ada"], "Name the person by an email address"],
  [
    "where a database was looked for",
    ["ada@x.test"],
    "There is no database in /nowhere/postkey/db.",
  ],
])("a reset names %s", async (_what, words, said) => {
  expect(await reset(...words)).toContain(said);
});

test("a link leads to where Postkey was last started, or to POSTKEY_URL where that is set", async () => {
  const data = folderOfTest();
  vi.stubEnv("POSTKEY_URL", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(findAddress(data)).toBeUndefined();
  rememberAddress(data, "https://postkey.contoso.test");
  expect(findAddress(data)).toBe("https://postkey.contoso.test");
  vi.stubEnv("POSTKEY_URL", "https://other.contoso.test");
  expect(findAddress(data)).toBe("https://other.contoso.test");
});
