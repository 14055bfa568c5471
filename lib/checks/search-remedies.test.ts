import { describe, expect, test } from "vitest";
import { PLATFORM_NUMBERS } from "@/e2e/sandbox/identity/numbers";
import { SERVER_REPLIES } from "@/e2e/sandbox/mail/server-replies";
import { listRemedies } from "@/lib/remedies/catalogue";
import { searchRemedies } from "./search-remedies";

const idsFor = (text: string) => searchRemedies(text).map(({ id }) => id);

test.each([
  ["7000222", "AADSTS7000222"],
  ["secret expired", "AADSTS7000222"],
  ["conditional access frequency", "AADSTS70043"],
  ["Set-CASMailbox imap", "imap.authenticate_failed"],
])("%j finds %s first", (text, id) => expect(idsFor(text)[0]).toBe(id));

describe("a message that was pasted", () => {
  test.each(PLATFORM_NUMBERS.map(({ number }) => number))(
    "of the identity platform with %i in it finds that entry",
    (number) => {
      const text = `Sign in: Sorry, but we\u2019re having trouble. AADSTS${number}: Something. Trace ID: 1`;
      expect(idsFor(text)[0]).toBe(`AADSTS${number}`);
    },
  );

  test("with a number that nobody knows yet still leads on", () => {
    expect(searchRemedies("AADSTS99999999: new")[0]).toMatchObject({ isUnknown: true });
  });

  /** The same words mean another thing for a password and for a token, and at the sign-in or later. */
  const AMBIGUOUS =
    /:(?:google|challenge)$|password\.|mail\.(?:wrong_service|protocol_error)|(?:pop3|smtp)\.refused/;
  const LINES = SERVER_REPLIES.filter(({ id }) => !AMBIGUOUS.test(id)).map(({ id, turns }) => {
    const line = (turns.at(-1) ?? "").split("\r\n")[0]?.replace("{tag}", "A7") ?? "";
    return [line, id.split(":")[3] ?? ""] as const;
  });
  test.each(LINES)("%j finds %s", (line, remedyId) => {
    expect(idsFor(line)[0]).toBe(remedyId);
    expect(idsFor(`2026-11-05 10:00 worker[7] error: ${line}`)[0]).toBe(remedyId);
  });

  const SAID = listRemedies().flatMap(({ id, says = [] }) =>
    says.map((line) => [line, id] as const),
  );
  test.each(SAID)("%j is found where the catalogue quotes it", (line, remedyId) => {
    expect(idsFor(line)[0]).toBe(remedyId);
  });

  test("of a library is found by its code", () => {
    expect(idsFor("Error: connect ETIMEDOUT 52.98.1.2:993")[0]).toBe("tcp.timeout");
    expect(idsFor("getaddrinfo ENOTFOUND outlook.ofice365.com")[0]).toBe("dns.not_found");
    expect(idsFor("334 eyJzdGF0dXMiOiI0MDAi")).toContain("smtp.auth_unsuccessful");
  });

  test("of any length ends", () => expect(idsFor("535 ".repeat(100_000))[0]).toMatch(/^smtp\./));
});
