import { expect, test } from "vitest";
import { z } from "zod";
import { issueWords, ZODS_OWN } from "./issue-words";

const wordsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(issueWords);

test("the words of a schema are told as they are", () => {
  expect(wordsOf(z.string().min(3, "Enter a name."), "a")).toEqual(["Enter a name."]);
});

test.each<[string, { schema: z.ZodType; value: unknown; words: string }]>([
  [
    "a choice",
    {
      schema: z.enum(["imap", "smtp", "pop3"]),
      value: "ftp",
      words: "Enter one of imap, smtp, pop3.",
    },
  ],
  ["one value", { schema: z.literal(1), value: 2, words: "Enter 1." }],
  [
    "a long text",
    { schema: z.string().max(2), value: "abc", words: "Enter at most 2 characters." },
  ],
  ["too few", { schema: z.array(z.string()).min(2), value: [], words: "Enter at least 2 items." }],
  [
    "none where one is needed",
    { schema: z.array(z.string()).min(1), value: [], words: "Enter at least 1 item." },
  ],
  ["an empty text", { schema: z.string().min(1), value: "", words: "Enter at least 1 character." }],
  ["a number", { schema: z.number().max(5), value: 6, words: "Enter at most 5." }],
  ["another type", { schema: z.number(), value: "a", words: "This value is not valid." }],
  ["a format", { schema: z.uuid(), value: "a", words: "This value is not valid." }],
  [
    "an unknown field",
    { schema: z.strictObject({}), value: { a: 1 }, words: "This value is not valid." },
  ],
  [
    "a union",
    { schema: z.union([z.string(), z.number()]), value: null, words: "This value is not valid." },
  ],
])("of %s that its schema has no words for, Zod's own text is not told", (_what, asked) => {
  const { schema, value, words } = asked;
  expect(schema.safeParse(value).error?.issues[0]?.message).toMatch(ZODS_OWN);
  expect(wordsOf(schema, value)).toEqual([words]);
});
