import { expect, test } from "vitest";
import { xoauth2InitialResponse } from "./xoauth2";

test.each([
  ...["a\x01b", "a\r\nb", "a\0"].map((user) => [user, "t"] as const),
  ...["t\n", "t\u0085"].map((token) => ["a", token] as const),
])("control characters are refused: %j, %j", (user, accessToken) => {
  expect(() => xoauth2InitialResponse(user, accessToken)).toThrow("mail.invalid_credential");
});
