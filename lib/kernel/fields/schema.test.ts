import { expect, test } from "vitest";
import type { z } from "zod";
import {
  descriptionSchema,
  emailAddressSchema,
  idSchema,
  internationalAddressSchema,
  nameSchema,
} from "./schema";

function messageOf(schema: z.ZodType, input: unknown): string | undefined {
  const parsed = schema.safeParse(input);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

// An override, an isolate, a zero-width space, a byte order mark, NUL, a line end, half a pair, a tag.
const INVISIBLE = ["\u202e", "\u2066", "\u200b", "\ufeff", "\0", "\n", "\ud800", "\u{e0041}"];
const accents = (count: number) => `e${"\u0300".repeat(count)}`;
const LONG_NAMES = ["n".repeat(121), accents(300), "n".repeat(1_048_576)];

test.each<[string, RegExp, unknown[]]>([
  ["nothing that a person sees", /^Enter a name\.$/, ["", " \t", "\u3000", "\u3164", undefined]],
  ["more than 120 characters", /^Use at most 120 characters\.$/, LONG_NAMES],
  ["something invisible", /invisible/, INVISIBLE.map((character) => `a${character}b`)],
  ["no text", /./, [["a"], { not: "" }, 1, null, true]],
])("a name that is %s is refused", (_what, message, inputs) => {
  for (const input of inputs) expect(messageOf(nameSchema, input)).toMatch(message);
});

test("a name is any other text, as it was typed, trimmed and composed", () => {
  const markup = ["<img src=x onerror=alert(1)>", "{{7*7}}", "=cmd()"];
  const letters = [
    "日本語の名前",
    "اسم عربي",
    "Familie 👨‍👩‍👧‍👦",
    "n".repeat(120),
    "👩".repeat(120),
  ];
  for (const input of [...markup, ...letters]) expect(nameSchema.parse(input)).toBe(input);
  expect(nameSchema.parse("  Cafe\u0301 ")).toBe("Caf\u00e9");
});

const NO_ADDRESSES = [
  ..."a@b a@@b.it a@b@c @c.it a@ a@b.it,c@d.it a@b.it;c a@[127.0.0.1] a@127.0.0.1".split(" "),
  ...".a@b.it a..b@b.it a@-b.it a@b..it a@contoso.com/evil a@contoso.com:80".split(" "),
  ..."a@contoso.com?x=@evil.com a@%63ontoso.com a@contoso.com\\evil a@b.it%0d%0aRCPT".split(" "),
  ...["", "a b@c.it", '"x" <a@b.it>', "a@b.it (c@d.it)", "a@b .it", '"a b"@c.it'],
  ...["пользователь@x.it", "\u0430dmin@contoso.com", "a\u200b@b.it", "a@b.it\u2028x"],
  ...["a@b.it\r\nRCPT TO:<x>", `${"l".repeat(65)}@c.it`, "x".repeat(1_000_000)],
  `${"l".repeat(64)}@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(63)}.it`,
];
test("what is no address is refused, and not repeated at length", () => {
  for (const input of NO_ADDRESSES) {
    const message = messageOf(emailAddressSchema, input);
    expect(message, input).toEqual(expect.any(String));
    expect(message?.length).toBeLessThan(200);
  }
});

test.each([
  [emailAddressSchema, "  Support@Contoso.COM ", "Support@contoso.com"],
  [emailAddressSchema, "a＠b.example", "a@b.example"],
  [emailAddressSchema, "utente@esempio.рф", "utente@esempio.xn--p1ai"],
  [emailAddressSchema, "o'brien+tag@sub.contoso.co.uk", "o'brien+tag@sub.contoso.co.uk"],
  [internationalAddressSchema, "jörg@müller.example", "jörg@xn--mller-kva.example"],
  [internationalAddressSchema, "用户@例え.jp", "用户@xn--r8jz45g.jp"],
])("%# %s is accepted as %s", (schema, input, stored) => expect(schema.parse(input)).toBe(stored));

test("an address as mail brings it has its limits too", () => {
  const refused = [`${"ö".repeat(33)}@x.example`, "a\u3164b@x.example", "a b@x.example", "ö@", "ö"];
  for (const input of refused)
    expect(internationalAddressSchema.safeParse(input).success, input).toBe(false);
});

test("a description is text of several lines, with HTML and links as text", () => {
  const text = "<b>Bold</b>\r\n[x](javascript:alert(1))\r\tEnd";
  expect(descriptionSchema.parse(text)).toBe("<b>Bold</b>\n[x](javascript:alert(1))\n\tEnd");
  for (const input of ["d".repeat(2_001), "a\u0007b", "a\u202eb"])
    expect(descriptionSchema.safeParse(input).success).toBe(false);
});

test("an id is compared in lower case, and nothing else is one", () => {
  const id = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
  expect(idSchema.parse(id.toUpperCase())).toBe(id);
  for (const input of ["1e3", "-1", "..%2f", "", "0", { not: "" }, ["a"], null, "../etc/passwd"])
    expect(idSchema.safeParse(input).success).toBe(false);
});
