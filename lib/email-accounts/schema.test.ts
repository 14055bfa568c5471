import { describe, expect, test } from "vitest";
import { problemsOf } from "@/lib/testing/problems";
import { hostsAt } from "@/lib/testing/sign-in";
import {
  ACCOUNT_DEFAULTS,
  createEmailAccountSchema,
  setActiveSchema,
  updateEmailAccountSchema,
} from "./schema";

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const FAMILY = "👨‍👩‍👧‍👦";

const form = {
  name: "Support",
  key: "SUP",
  emailAddress: "support@contoso.com",
  contactListId: null,
  active: true,
  service: "outlook365",
  modernAuthentication: true,
  username: "alice@contoso.com",
  cloudProviderId: ID,
  password: "",
  hosts: null,
  description: "",
};

const endpoint = hostsAt().imap;
const custom = {
  service: "custom",
  modernAuthentication: false,
  password: "an app password",
  hosts: hostsAt(),
};

/** The messages by field for a form with this change; empty when it is accepted. */
const problems = (changes: Record<string, unknown>) =>
  problemsOf(createEmailAccountSchema, { ...form, ...changes });

const withHost = (host: unknown) =>
  problems({ ...custom, hosts: { ...custom.hosts, imap: { ...endpoint, host } } })[
    "hosts.imap.host"
  ];
const withPort = (port: unknown) =>
  problems({ ...custom, hosts: { ...custom.hosts, imap: { ...endpoint, port } } })[
    "hosts.imap.port"
  ];

test("all that is wrong is told at once, rules about several fields included", () => {
  const wrong = { name: "", key: "ABCDEF", emailAddress: "", username: "", cloudProviderId: null };
  expect(Object.keys(problems(wrong)).sort()).toEqual(Object.keys(wrong).sort());
  const named = { ...custom, name: "", password: "", hosts: null };
  expect(Object.keys(problems(named)).sort()).toEqual(["hosts", "name", "password"]);
});

test("what the form begins with, programs may leave out", () => {
  const said = { name: "Support", key: "S", emailAddress: "a@contoso.test" };
  const provided = { ...said, cloudProviderId: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10" };
  expect(createEmailAccountSchema.parse(provided)).toEqual({
    ...ACCOUNT_DEFAULTS,
    ...provided,
    username: "a@contoso.test",
  });
  expect(problems({ username: "" })).toEqual({ username: "Enter the account that signs in." });
});

test.each(["weekly", "", "* * * * *", 60, null])("%j is no schedule of the tests", (value) => {
  expect(problems({ testSchedule: value })).toEqual({ testSchedule: "Choose how often." });
});

describe("the key", () => {
  test.each(["A", FAMILY.repeat(5), "🇮🇹🇫🇷🇩🇪🇯🇵🇧🇷", "顧客"])(
    "has up to five characters as a person counts them: %s",
    (key) => expect(problems({ key })).toEqual({}),
  );

  test.each([
    ["six letters", "ABCDEF", /at most 5/],
    ["one character of 10 kB", `e${"\u0300".repeat(5_000)}`, /at most 5/],
    ["one character of 200 bytes", `e${"\u0300".repeat(100)}`, /at most 5/],
    ["a ligature that stands for eighteen letters", "\ufdfa", /at most 5/],
    ["a zero-width space", "A\u200bB", /invisible/],
  ])("is refused with %s", (_what, key, message) => expect(problems({ key }).key).toMatch(message));

  test("of a new account may be left out, of one that exists it may not", () => {
    expect(problems({ key: "   " })).toEqual({});
    const edited = updateEmailAccountSchema.safeParse({ ...form, id: ID, version: 1, key: " " });
    expect(edited.error?.issues).toMatchObject([{ path: ["key"], message: "Enter a key." }]);
  });
});

test.each([" ", "alice\u0001auth=Bearer x", "a\u0000b", "a\u202eb", "a".repeat(255)])(
  "%j is no user name",
  (username) => expect(problems({ username }).username).toEqual(expect.any(String)),
);

test.each(["true", 1, null, undefined])("no switch is true or false by %j", (value) => {
  expect(setActiveSchema.safeParse({ id: ID, active: value }).success).toBe(false);
  if (value !== undefined)
    expect(problems({ modernAuthentication: value }).modernAuthentication).toBe(
      "Choose yes or no.",
    );
});

describe("the fields go together", () => {
  test.each(["custom", "yahoo"])("Modern Authentication does not work with %s", (service) => {
    expect(problems({ service }).modernAuthentication).toMatch(
      /^Modern Authentication works with .*Gmail/,
    );
  });

  test("Modern Authentication needs a provider, and a password is needed without it", () => {
    expect(problems({ cloudProviderId: null }).cloudProviderId).toMatch(/Choose/);
    expect(problems({ ...custom, password: "" }).password).toBe("Enter the password.");
  });

  test("an edit may leave the password as it is", () => {
    const capture = { captureReplyTo: false, captureAutomatic: true, testSchedule: "off" };
    const edit = { ...form, ...custom, ...capture, id: ID, version: 1, password: "" };
    expect(updateEmailAccountSchema.safeParse(edit).success).toBe(true);
  });

  test.each(["••••••••", "a\u0000b", "p".repeat(1_025)])("%j is no password", (password) => {
    expect(problems({ ...custom, password }).password).toEqual(expect.any(String));
  });

  test("a server of one's own has a host for at least one protocol, and an empty one is none", () => {
    expect(problems({ ...custom, hosts: null }).hosts).toMatch(/hosts/);
    const [empty, pop3] = [{ ...endpoint, host: " " }, custom.hosts.pop3];
    const none = { ...custom, hosts: { imap: empty, smtp: null } };
    expect(problems(none)["hosts.imap"]).toMatch(/at least one/);
    const { hosts } = createEmailAccountSchema.parse({ ...form, ...none, hosts: { pop3 } });
    expect(hosts).toEqual({ imap: null, smtp: null, pop3 });
  });
});

describe("a host", () => {
  test.each([
    ..."mail_server.contoso.com|mail.contoso.com.|mail.contoso.com:993|user@mail.contoso.com".split(
      "|",
    ),
    ...["mail.contoso.com/path", "mail.contoso.com\\x", "mail contoso.com", "mail\u0000.x.com"],
    ...["mail.%63ontoso.com", "-mail.contoso.com", "[::1]", "fd00::1", "a".repeat(100_000)],
    ...[`${"a".repeat(63)}.`.repeat(4), { not: "" }, null],
  ])("is refused: %j", (host) => expect(withHost(host)).toEqual(expect.any(String)));

  test.each([
    ["ｍail.Contoso.com", "mail.contoso.com"],
    ["почта.рф", "xn--80a1acny.xn--p1ai"],
    ["2130706433", "127.0.0.1"],
    ["①②⑦.⓪.⓪.①", "127.0.0.1"],
  ])("is written as it will be looked up: %s", (host, written) => {
    const hosts = { ...custom.hosts, imap: { ...endpoint, host } };
    const parsed = createEmailAccountSchema.parse({ ...form, ...custom, hosts });
    expect(parsed.hosts?.imap?.host).toBe(written);
  });
});

test("a mailbox has one spelling, as the addresses have that links are mailed to", () => {
  const { mailbox } = createEmailAccountSchema.parse({ ...form, mailbox: "Boss@Bücher.example" });
  expect(mailbox).toBe("Boss@xn--bcher-kva.example");
});

test.each([0, 65_536, 993.5, "993", null])("%j is no port", (port) => {
  expect(withPort(port)).toEqual(expect.any(String));
});

test.each([
  ["service", "__proto__"],
  ["cloudProviderId", "../1"],
  ["emailAddress", "a@b"],
  ["hosts", []],
])("%s cannot be %j", (field, value) => {
  expect(problems({ ...custom, [field]: value })[field]).toEqual(expect.any(String));
});

test.each(["passwordSealed", "constructor", "version"])("an unknown key is refused: %s", (key) => {
  expect(problems({ [key]: "x" }).root).toEqual(expect.any(String));
});
