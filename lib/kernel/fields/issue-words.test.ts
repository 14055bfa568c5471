import { expect, test } from "vitest";
import { z } from "zod";
import { issueWords, ZODS_OWN } from "./issue-words";

const wordsOf = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(issueWords);

test("the words of a schema are told as they are", () => {
  expect(wordsOf(z.string().min(3, "Enter a name."), "a")).toEqual(["Enter a name."]);
});

test.each<[z.ZodType, unknown, string]>([
  [z.enum(["imap", "smtp", "pop3"]), "ftp", "Enter one of imap, smtp, pop3."],
  [z.string().max(2), "abc", "Enter at most 2 characters."],
  [z.array(z.string()).min(1), [], "Enter at least 1 item."],
  [z.number().max(5), 6, "Enter at most 5."],
  [z.union([z.string(), z.number()]), null, "This value is not valid."],
])("where a schema has no words of its own, Zod's are not told (%#)", (schema, value, words) => {
  expect(schema.safeParse(value).error?.issues[0]?.message).toMatch(ZODS_OWN);
  expect(wordsOf(schema, value)).toEqual([words]);
});
