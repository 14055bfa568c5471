import { expect, test } from "vitest";
import { serverSaid } from "./report-text";

test.each([
  ["NO", "NO AUTHENTICATE failed.", "NO AUTHENTICATE failed."],
  [
    "AUTHENTICATIONFAILED",
    "NO [AUTHENTICATIONFAILED] Invalid credentials",
    "NO [AUTHENTICATIONFAILED] Invalid credentials",
  ],
  ["BYE", "* BYE Connection closed. 14", "* BYE Connection closed. 14"],
  ["535 5.7.3", "535 5.7.3 Authentication unsuccessful", "535 5.7.3 Authentication unsuccessful"],
  ["-ERR", "-ERR Logon failure", "-ERR Logon failure"],
  ["ECONNRESET", undefined, "ECONNRESET"],
  [undefined, undefined, undefined],
])("%s of %j is quoted once", (code, serverText, quoted) => {
  const failure = {
    remedyId: "imap.bye",
    retryable: false,
    ...(code !== undefined && { code }),
    ...(serverText !== undefined && { serverText }),
  };
  expect(serverSaid({ failure })).toBe(quoted);
});
