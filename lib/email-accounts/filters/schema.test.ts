import { expect, test } from "vitest";
import { selectionSchema } from "../bulk/schema";
import { accountFilterSchema } from "./schema";

const named = Object.keys(accountFilterSchema.shape);

test.each(named)("an empty %s narrows nothing, and so does not mean all accounts", (name) => {
  const all = { accounts: "all", search: "", [name]: "" };
  const { error } = selectionSchema.safeParse(all);
  expect(error?.issues.map(({ path }) => path.join("."))).toContain(name);
});

test.each(["mail.one.test", "Mail.One.TEST", "mail.m\u00fcller.test", "outlook_com", "[::1]"])(
  "%s is a server",
  (server) => expect(accountFilterSchema.safeParse({ server }).success).toBe(true),
);

test.each(["\0", "a b", "x".repeat(254)])("%j is no server", (server) =>
  expect(accountFilterSchema.safeParse({ server }).success).toBe(false),
);
