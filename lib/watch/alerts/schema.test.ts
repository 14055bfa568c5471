import { describe, expect, test } from "vitest";
import { EMPTY_CHANNEL } from "@/lib/testing/alert-channel";
import { createAlertChannelSchema } from "./schema";

const base = {
  ...EMPTY_CHANNEL,
  kind: "email_account",
  recipients: "ops@contoso.com",
  emailAccountId: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10",
};
const webhook = EMPTY_CHANNEL;
const smtp = {
  ...EMPTY_CHANNEL,
  kind: "smtp",
  recipients: "ops@contoso.com",
  smtp: { host: "smtp.contoso.com", port: 587, tls: "starttls" },
  from: "postkey@contoso.com",
};

const problems = (input: unknown): Record<string, string> => {
  const parsed = createAlertChannelSchema.safeParse(input);
  const issues = parsed.error?.issues ?? [];
  return Object.fromEntries(issues.map(({ path, message }) => [path.join("."), message]));
};

test.each([
  ["one address", "ops@contoso.com", ["ops@contoso.com"]],
  [
    "several, however they are separated",
    "a@x.test; b@x.test,\n c@x.test",
    ["a@x.test", "b@x.test", "c@x.test"],
  ],
  ["one address twice", "A@x.test a@X.TEST", ["a@X.TEST".toLowerCase()]],
])("takes %s", (_what, recipients, expected) => {
  const parsed = createAlertChannelSchema.parse({ ...base, recipients });
  expect(parsed.recipients.map((each) => each.toLowerCase())).toEqual(expected);
});

const MANY = Array.from({ length: 21 }, (_, n) => `a${n}@x.test`).join(",");
test.each([
  ["", "Enter at least one address."],
  ["ops", "ops: An address has exactly one @, such as support@contoso.com."],
  ["<a@x.test>", "<a@x.test>: Enter one bare address, such as support@contoso.com."],
  [MANY, "Enter at most 20 addresses."],
  ["x".repeat(10_000), "Enter at most 20 addresses."],
])("as recipients %j is refused", (recipients, message) => {
  expect(problems({ ...base, recipients })).toEqual({ recipients: message });
});

describe("webhook addresses", () => {
  test.each([
    ["https://hooks.example.com/postkey", "https://hooks.example.com/postkey"],
    ["  HTTPS://Hooks.Example.com  ", "https://hooks.example.com/"],
    ["http://receiver:8080/x?y=1", "http://receiver:8080/x?y=1"],
  ])("takes %j", (url, expected) => {
    expect(createAlertChannelSchema.parse({ ...webhook, url }).url).toBe(expected);
  });

  const EXAMPLE = "Enter an address such as https://hooks.example.com/postkey.";
  const asExample = (url: string): [string, string] => [url, EXAMPLE];
  test.each<[string, string]>([
    ["", "Enter the address that receives the alerts."],
    ["hooks.example.com", EXAMPLE],
    ...["ftp://hooks.example.com", "javascript:alert(1)", "file:///etc/passwd"].map(asExample),
    ...["https:/evil.test", "https:evil.test", "https://good.test\\@evil.test"].map(asExample),
    ["https://ev\til.test", EXAMPLE],
    ["https://user:pass@evil.test", "The address must not contain a user name or password."],
    ["https://good.test/#x", "Leave out the part after #."],
    [`https://good.test/${"x".repeat(2_048)}`, "This is too long for an address."],
  ])("refuses %j", (url, message) => {
    expect(problems({ ...webhook, url })).toEqual({ url: message });
  });
});

describe("a server of one's own", () => {
  test.each([
    [{ smtp: null }, { smtp: "Enter the server." }],
    [{ from: "" }, { from: "Enter the sender's address." }],
    [{ from: "nobody" }, { from: expect.any(String) }],
    [{ smtp: { ...smtp.smtp, port: 0 } }, { "smtp.port": "Enter a port between 1 and 65535." }],
    [{ smtp: { ...smtp.smtp, host: "a b" } }, { "smtp.host": expect.any(String) }],
    [{ smtp: { ...smtp.smtp, tls: "none" } }, { "smtp.tls": expect.any(String) }],
    [{ password: "•••••" }, { password: "These are placeholder dots, not the password." }],
    [{ user: "a\u0001b" }, { user: expect.stringContaining("invisible") }],
  ])("refuses %j", (changes, expected) => {
    expect(problems({ ...smtp, ...changes })).toEqual(expected);
  });
});

test.each([
  [{ kind: "carrier_pigeon" }, "kind"],
  [{ name: " " }, "name"],
  [{ enabled: "yes" }, "enabled"],
  [{ emailAccountId: null }, "emailAccountId"],
  [{ emailAccountId: { not: "" } }, "emailAccountId"],
  [{ secretSealed: "x" }, ""],
])("refuses %j", (changes, field) => {
  expect(Object.keys(problems({ ...base, ...changes }))).toEqual([field]);
});
