import { execFile } from "node:child_process";
import { expect, test } from "vitest";

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
  ["a name", ["ada"], "“ada” is no email address."],
])("a reset of %s names what is missing, not the database", async (_what, words, said) => {
  const text = await reset(...words);
  expect(text).toContain(said);
  expect(text).toContain("npm run administrator:reset -- ada@example.com");
  expect(text).not.toMatch(/database/);
});

test("a reset without a database says where it was looked for", async () => {
  expect(await reset("ada@example.com")).toContain("There is no database in /nowhere/postkey/db.");
});
