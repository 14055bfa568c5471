import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillRemedy, findRemedy } from "./catalogue";

const REGISTRATION = {
  tenantId: "t",
  clientId: "c",
  redirectUri: "r",
  host: "h",
  port: 993,
  portal: "https://entra.microsoft.us",
  exchange: "https://exchange.test",
};
const named = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    mailbox: `m${index}@contoso.test`,
    login: `login${index}@contoso.test`,
  }));
const script = (id: string, names: { mailbox: string; login: string }[], count = names.length) =>
  fillRemedy(findRemedy(id), REGISTRATION, { names, count }).command?.text ?? "";

describe("the command for many mailboxes", () => {
  test("is one script with all of their names", () => {
    expect(script("imap.authenticate_failed", named(3))).toBe(
      [
        "@(",
        "  'm0@contoso.test'",
        "  'm1@contoso.test'",
        "  'm2@contoso.test'",
        ") | ForEach-Object { Set-CASMailbox -Identity $_ -ImapEnabled $true }",
      ].join("\n"),
    );
  });

  test("has for each mailbox who signs in to it, where a right is given", () => {
    const text = script("imap.no_full_access", named(2));
    expect(text).toContain("  @{ Mailbox = 'm1@contoso.test'; Login = 'login1@contoso.test' }\n");
    expect(text).toContain("-Identity $_.Mailbox -User $_.Login ");
  });

  test("says how many are in it where they are too many", () => {
    const text = script("imap.authenticate_failed", named(1_000), 5_000);
    expect(text.split("\n")[0]).toMatch(/^# 1,000 of 5,000 are named here\./);
    expect(text.match(/@contoso\.test'/g)).toHaveLength(1_000);
  });

  test("takes no name for anything but a name", () => {
    const hostile = fc.string({ unit: fc.constantFrom(..."a'\u2019$;{}()|`\"\r\n&#_") });
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 2, maxLength: 4 }), (mailboxes) => {
        const names = mailboxes.map((mailbox) => ({ mailbox, login: mailbox }));
        for (const id of ["imap.authenticate_failed", "imap.no_full_access"]) {
          // What is left when every quoted name is taken away is of the script alone.
          const rest = script(id, names).replace(
            /'(?:[^'\u2018-\u201b]|(['\u2018-\u201b])\1)*'/g,
            "",
          );
          expect(rest).toMatch(
            /^(?:@\((?:\n {2}(?:@\{ Mailbox = ; Login = {2}\})?)+\n\) \| ForEach-Object \{ )?(?:Set-CASMailbox|Add-MailboxPermission) -Identity [\w$. -]*(?: \})?$/,
          );
        }
      }),
    );
  });
});
