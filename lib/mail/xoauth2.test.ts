import { expect, test } from "vitest";
import { xoauth2InitialResponse } from "./xoauth2";

test.each([
  ["a\x01b", "t"],
  ["a\r\nb", "t"],
  ["a\0", "t"],
  ["a", "t\n"],
  ["a", "t\u0085"],
])("control characters are refused: %j, %j", (user, accessToken) => {
  expect(() => xoauth2InitialResponse(user, accessToken)).toThrow("mail.invalid_credential");
});
