import { describe, expect, test } from "vitest";
import { MAIL_FAILURES } from "@/lib/mail/mail-failures";
import { TOKEN_REMEDY_IDS } from "@/lib/mail/token-claims";
import { fillRemedy, findRemedy, listRemedies } from "./catalogue";
import type { Remedy } from "./remedy";

const KNOWN_PLACEHOLDERS = /\{(?:mailbox|tenantId|clientId|redirectUri|host|port)\}/g;

describe("the catalogue", () => {
  test("knows each id once", () => {
    const ids = listRemedies().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("explains every failure that a connection test can name", () => {
    const known = new Set(listRemedies().map(({ id }) => id));
    const named = [...Object.keys(MAIL_FAILURES), ...TOKEN_REMEDY_IDS];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  test("agrees with the connection test on what may succeed when it is repeated", () => {
    const differing = Object.entries(MAIL_FAILURES)
      .filter(([id]) => id !== "postkey.unexpected")
      .filter(([id, retryable]) => (findRemedy(id).retry === "yes") !== retryable);
    expect(differing).toEqual([]);
  });

  test.each(listRemedies().map((remedy) => [remedy.id, remedy] as const))(
    "%s is complete",
    (_id, remedy) => {
      const texts = [remedy.title, remedy.cause, ...remedy.steps];
      expect(texts.filter((text) => !/^[A-Z].*\.$/s.test(text))).toEqual([]);
      expect(remedy.title.length).toBeLessThanOrEqual(110);
      expect(remedy.steps.length).toBeGreaterThan(0);
      expect(remedy.source).not.toBe("");
    },
  );

  test("has placeholders only in commands and links, and only known ones", () => {
    const texts = listRemedies().flatMap(({ title, cause, steps }) => [title, cause, ...steps]);
    expect(texts.filter((text) => text.includes("{"))).toEqual([]);
    const filled = listRemedies().flatMap(({ command, link }) => [command?.text, link?.url]);
    const unknown = filled.filter((text) => text?.replace(KNOWN_PLACEHOLDERS, "").includes("{"));
    expect(unknown).toEqual([]);
  });

  test("covers the identity platform's likely numbers", () => {
    const numbers = listRemedies().filter(({ id }) => id.startsWith("AADSTS"));
    expect(numbers.length).toBeGreaterThanOrEqual(119);
  });
});

describe("an id that nobody has described", () => {
  test("leads to Microsoft's page when it is a number of the identity platform", () => {
    const remedy = findRemedy("AADSTS999999");
    expect(remedy.id).toBe("AADSTS999999");
    expect(remedy.link?.url).toBe("https://login.microsoftonline.com/error?code=999999");
  });

  test.each(["", "no.such.id", "AADSTS", "AADSTS1'; drop", "__proto__"])(
    "%j still says what to do",
    (id) => {
      const remedy = findRemedy(id);
      expect(remedy.steps.length).toBeGreaterThan(0);
      expect(remedy.link).toBeUndefined();
    },
  );
});

describe("a filled remedy", () => {
  const powershell: Remedy = {
    ...findRemedy("imap.authenticate_failed"),
    link: { label: "Page", url: "https://example.test/{clientId}?m={mailbox}" },
  };

  test("quotes a name for PowerShell so that it stays one argument", () => {
    const filled = fillRemedy(powershell, { mailbox: "o'neil\u2019; Remove-Mailbox\r\n@x.test" });
    expect(filled.command?.text).toBe(
      "Set-CASMailbox -Identity 'o''neil\u2019\u2019; Remove-Mailbox@x.test' -ImapEnabled $true",
    );
  });

  test("quotes a value for the shell of the Azure CLI", () => {
    const filled = fillRemedy(findRemedy("AADSTS7000222"), { clientId: "a'$(id)" });
    expect(filled.command?.text).toContain(`--id 'a'\\''$(id)' --append`);
  });

  test("keeps a value like $& as it is", () => {
    const filled = fillRemedy(powershell, { mailbox: "$&$1" });
    expect(filled.command?.text).toContain("'$&$1'");
  });

  test("encodes values in a link", () => {
    const filled = fillRemedy(powershell, { clientId: "a/b", mailbox: "x&y@z" });
    expect(filled.link?.url).toBe("https://example.test/a%2Fb?m=x%26y%40z");
  });

  test("shows what is missing in a command and leaves an incomplete link out", () => {
    const filled = fillRemedy(powershell, {});
    expect(filled.command?.text).toContain("<mailbox>");
    expect(filled.link).toBeUndefined();
  });
});
