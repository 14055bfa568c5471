import { expect, test } from "vitest";
import { xoauth2InitialResponse } from "./xoauth2";

test("the initial response is the example of Microsoft's documentation", () => {
  const response = xoauth2InitialResponse(
    "test@contoso.onmicrosoft.com",
    "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA",
  );
  expect(response).toBe(
    "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==",
  );
});

test.each([
  ["a\x01b", "t"],
  ["a\r\nb", "t"],
  ["a\0", "t"],
  ["a", "t\n"],
  ["a", "t\u0085"],
])("control characters are refused: %j, %j", (user, accessToken) => {
  expect(() => xoauth2InitialResponse(user, accessToken)).toThrow("mail.invalid_credential");
});
