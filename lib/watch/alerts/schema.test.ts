import { expect, test } from "vitest";
import { EMPTY_CHANNEL } from "@/lib/testing/alert-channel";
import { problemsOf } from "@/lib/testing/problems";
import { createAlertChannelSchema } from "./schema";

const base = {
  ...EMPTY_CHANNEL,
  kind: "email_account",
  recipients: "ops@contoso.com",
  emailAccountId: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10",
};
const webhook = EMPTY_CHANNEL;
const server = { host: "smtp.contoso.com", port: 587, tls: "starttls" };
const smtp = {
  ...EMPTY_CHANNEL,
  kind: "smtp",
  recipients: "ops@contoso.com",
  smtp: server,
  from: "a@x.test",
};

const problems = (input: unknown) => problemsOf(createAlertChannelSchema, input);

test("recipients are separated in any way, and each is one", () => {
  const parse = (recipients: string) =>
    createAlertChannelSchema.parse({ ...base, recipients }).recipients;
  expect(parse("a@x.test; b@x.test,\n c@x.test")).toEqual(["a@x.test", "b@x.test", "c@x.test"]);
  expect(parse("A@x.test a@X.TEST")).toHaveLength(1);
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

test.each([
  ["  HTTPS://Hooks.Example.com  ", "https://hooks.example.com/"],
  ["http://receiver:8080/x?y=1", "http://receiver:8080/x?y=1"],
])("%j is the address of a webhook", (url, expected) => {
  expect(createAlertChannelSchema.parse({ ...webhook, url }).url).toBe(expected);
});

const EXAMPLE = "Enter an address such as https://hooks.example.com/postkey.";
const NO_ADDRESSES = [
  ...["hooks.example.com", "ftp://hooks.example.com", "javascript:alert(1)", "file:///etc/passwd"],
  ...[
    "https:/evil.test",
    "https:evil.test",
    "https://good.test\\@evil.test",
    "https://ev\til.test",
  ],
];
test.each<[string, string]>([
  ["", "Enter the address that receives the alerts."],
  ...NO_ADDRESSES.map((url): [string, string] => [url, EXAMPLE]),
  ["https://hooks.example.com/…", "This address is shortened. Enter the full address."],
  ["https://user:pass@evil.test", "The address must not contain a user name or password."],
  ["https://good.test/#x", "Leave out the part after #."],
  [`https://good.test/${"x".repeat(2_048)}`, "This is too long for an address."],
])("%j is none", (url, message) => expect(problems({ ...webhook, url })).toEqual({ url: message }));

test.each([
  [{ ...smtp, smtp: null }, "smtp"],
  [{ ...smtp, from: "" }, "from"],
  [{ ...smtp, from: "nobody" }, "from"],
  [{ ...smtp, smtp: { ...server, port: 0 } }, "smtp.port"],
  [{ ...smtp, smtp: { ...server, host: "a b" } }, "smtp.host"],
  [{ ...smtp, smtp: { ...server, tls: "none" } }, "smtp.tls"],
  [{ ...smtp, password: "•••••" }, "password"],
  [{ ...smtp, user: "a\u0001b" }, "user"],
  [{ ...base, kind: "carrier_pigeon" }, "kind"],
  [{ ...base, name: " " }, "name"],
  [{ ...base, enabled: "yes" }, "enabled"],
  [{ ...base, emailAccountId: { not: "" } }, "emailAccountId"],
  [{ ...base, secretSealed: "x" }, "root"],
])("a form is refused at its field (%#)", (input, field) => {
  expect(Object.keys(problems(input))).toEqual([field]);
});
