import { describe, expect, test } from "vitest";
import { KEY_FILE_MAX, keyFileSchema, readKeyFile } from "./schema";

const KEY = {
  type: "service_account",
  project_id: "wingtip",
  private_key_id: "0a1b2c",
  private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
  client_email: "postkey@wingtip.iam.gserviceaccount.com",
  client_id: "110248495921238986420",
};

const text = (changes: Record<string, unknown> = {}) => JSON.stringify({ ...KEY, ...changes });
const problems = (typed: unknown) =>
  keyFileSchema.safeParse(typed).error?.issues.map(({ message }) => message) ?? [];

test("a key file as Google hands it out is read", () => {
  const file = keyFileSchema.parse(`\n${JSON.stringify(KEY, null, 2)}\n`);
  expect(readKeyFile(file)).toEqual({
    clientEmail: KEY.client_email,
    clientId: KEY.client_id,
    keyId: KEY.private_key_id,
    privateKey: KEY.private_key,
  });
});

describe("each mistake has one message of its own", () => {
  test.each<[string, unknown, RegExp]>([
    ["nothing", "", /Choose the key file/],
    ["half of a file", text().slice(0, 80), /not JSON/],
    ["a list", "[]", /not JSON/],
    ["the file of an OAuth client", '{"web":{"client_id":"1"}}', /file of an OAuth client/],
    ["another type", text({ type: "authorized_user" }), /type is not service_account/],
    ["a private key that is none", text({ private_key: "AAAA" }), /private key is missing/],
    ["no key id", text({ private_key_id: undefined }), /private_key_id/],
    ["no name", text({ client_email: undefined }), /client_email/],
    ["no client id", text({ client_id: undefined }), /client_id/],
    ["64 KB and more", text({ padding: "x".repeat(KEY_FILE_MAX) }), /larger than 64 KB/],
  ])("%s", (_what, typed, message) => {
    expect(problems(typed)).toEqual([expect.stringMatching(message)]);
  });
});
