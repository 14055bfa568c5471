import { describe, expect, test } from "vitest";
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

const grave = "\u0300";

describe("a name", () => {
  test.each([
    ["nothing", ""],
    ["blanks", "   \t"],
    ["an ideographic space", "\u3000"],
    ["a Hangul filler", "\u3164"],
    ["a missing value", undefined],
  ])("is required: %s", (_what, input) => {
    expect(messageOf(nameSchema, input)).toBe("Enter a name.");
  });

  test.each([
    ["121 characters", "n".repeat(121)],
    ["one letter with 300 accents", `e${grave.repeat(300)}`],
    ["one letter with 5,000 accents", `e${grave.repeat(5_000)}`],
    ["a megabyte", "n".repeat(1_048_576)],
  ])("is bounded, counted as a person does and in bytes: %s", (_what, input) => {
    expect(messageOf(nameSchema, input)).toBe("Use at most 120 characters.");
  });

  // An override, an isolate, a zero-width space, a byte order mark, NUL, a line end, half a pair, a tag.
  const INVISIBLE = ["\u202e", "\u2066", "\u200b", "\ufeff", "\0", "\n", "\ud800", "\u{e0041}"];
  test.each(INVISIBLE)("holds nothing invisible: %j", (character) => {
    expect(messageOf(nameSchema, `a${character}b`)).toContain("invisible");
  });

  const TYPED = [
    ...["<img src=x onerror=alert(1)>", "{{7*7}}", "=cmd()", "日本語の名前", "اسم عربي"],
    ...["Familie 👨‍👩‍👧‍👦", "n".repeat(120), "👩".repeat(120)],
  ];
  test.each(TYPED)("is any other text, as it was typed: %s", (input) => {
    expect(nameSchema.parse(input)).toBe(input);
  });

  test("is trimmed and composed", () => {
    expect(nameSchema.parse("  Cafe\u0301 ")).toBe("Caf\u00e9");
  });

  test.each([[["a"]], [{ not: "" }], [1], [null], [true]])(
    "is text and nothing else: %j",
    (input) => {
      expect(nameSchema.safeParse(input).success).toBe(false);
    },
  );
});

describe("an address", () => {
  const REFUSED = [
    ..."a@b a@@b.it a@b@c @c.it a@ a@b.it,c@d.it a@b.it;c a@[127.0.0.1] a@127.0.0.1".split(" "),
    ...".a@b.it a..b@b.it a@-b.it a@b..it a@contoso.com/evil a@contoso.com:80".split(" "),
    ..."a@contoso.com?x=@evil.com a@%63ontoso.com a@contoso.com\\evil a@b.it%0d%0aRCPT".split(" "),
    ...["", "a b@c.it", '"x" <a@b.it>', "a@b.it (c@d.it)", "a@b .it", '"a b"@c.it'],
    ...["пользователь@x.it", "\u0430dmin@contoso.com", "a\u200b@b.it", "a@b.it\u2028x"],
    ...["a@b.it\r\nRCPT TO:<x>", `${"l".repeat(65)}@c.it`, "x".repeat(1_000_000)],
    `${"l".repeat(64)}@${"d".repeat(63)}.${"d".repeat(63)}.${"d".repeat(63)}.it`,
  ];

  test.each(REFUSED)("%j is refused", (input) => {
    const message = messageOf(emailAddressSchema, input);
    expect(message).toEqual(expect.any(String));
    expect(message?.length).toBeLessThan(200);
  });

  test.each([
    ["support@contoso.com", "support@contoso.com"],
    ["  Support@Contoso.COM ", "Support@contoso.com"],
    ["a＠b.example", "a@b.example"],
    ["utente@esempio.рф", "utente@esempio.xn--p1ai"],
    ["o'brien+tag@sub.contoso.co.uk", "o'brien+tag@sub.contoso.co.uk"],
  ])("%s is accepted as %s", (input, stored) => {
    expect(emailAddressSchema.parse(input)).toBe(stored);
  });
});

describe("an address as mail brings it", () => {
  test.each([
    ["jörg@müller.example", "jörg@xn--mller-kva.example"],
    ["用户@例え.jp", "用户@xn--r8jz45g.jp"],
    ["support@contoso.com", "support@contoso.com"],
  ])("may have letters of any alphabet before the @: %s", (input, stored) => {
    expect(internationalAddressSchema.parse(input)).toBe(stored);
  });

  test.each([
    "ö".repeat(33).concat("@x.example"),
    "a\u3164b@x.example",
    "a b@x.example",
    "ö@",
    "ö",
  ])("%j is refused", (input) => {
    expect(internationalAddressSchema.safeParse(input).success).toBe(false);
  });
});

describe("a description", () => {
  test.each([
    ["10,001 characters", "d".repeat(10_001)],
    ["2,001 characters", "d".repeat(2_001)],
    ["a control character", "a\u0007b"],
    ["an override", "a\u202eb"],
  ])("is refused with %s", (_what, input) => {
    expect(descriptionSchema.safeParse(input).success).toBe(false);
  });

  test("is text of several lines, with HTML and links as text", () => {
    const text = "<b>Bold</b>\r\n[x](javascript:alert(1))\r\tEnd";
    expect(descriptionSchema.parse(text)).toBe("<b>Bold</b>\n[x](javascript:alert(1))\n\tEnd");
  });
});

test.each(["1e3", "0x10", "-1", "..%2f", "", "0", { not: "" }, ["a"], null, "../etc/passwd"])(
  "%j is no id",
  (input) => {
    expect(idSchema.safeParse(input).success).toBe(false);
  },
);

test("an id is compared in lower case, however it was written", () => {
  const id = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
  expect(idSchema.parse(id.toUpperCase())).toBe(id);
});
