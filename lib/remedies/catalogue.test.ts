import { describe, expect, test } from "vitest";
import { ERROR_TEXTS } from "@/e2e/sandbox/identity/error-catalogue";
import { oauthErrorOf } from "@/e2e/sandbox/identity/identity-error";
import { PLATFORM_NUMBERS } from "@/e2e/sandbox/identity/numbers";
import { SERVER_REPLIES } from "@/e2e/sandbox/mail/server-replies";
import { classifyMicrosoftReply } from "@/lib/oauth/microsoft/refusals";
import {
  fillRemedy,
  findRemedy,
  isKnown,
  listRemedies,
  placeholdersOf,
  templateOf,
} from "./catalogue";
import type { Entry } from "./remedy";

const KNOWN_PLACEHOLDERS =
  /\{(?:mailbox|login|tenantId|clientId|objectId|redirectUri|portal|exchange|host|port)\}/g;

/** An account whose every value is known, in a cloud that is not the usual one. */
const CONTEXT = {
  mailbox: "support@contoso.test",
  login: "alice@contoso.test",
  tenantId: "11111111-1111-4111-8111-111111111111",
  clientId: "22222222-2222-4222-8222-222222222222",
  objectId: "33333333-3333-4333-8333-333333333333",
  redirectUri: "https://postkey.contoso.test/api/cloudProviders/oauth2/microsoft/callback",
  portal: "https://entra.microsoft.us",
  exchange: "https://admin.exchange.office365.us",
  host: "outlook.office365.us",
  port: 993,
};

/** As the catalogue is read, about no one in particular. */
const TOLD = listRemedies().map(templateOf);
const NUMBERS = PLATFORM_NUMBERS.map(({ number }) => `AADSTS${number}`);
/** What servers say, by the entry that it means: `reply:imap:open:imap.bye` is `imap.bye`. */
const REPLIES = [...new Set(SERVER_REPLIES.map(({ id }) => id.split(":")[3] ?? ""))];

describe("the catalogue", () => {
  test("knows each id once", () => {
    const ids = listRemedies().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(TOLD.map((remedy) => [remedy.id, remedy] as const))("%s is complete", (_id, remedy) => {
    const { title, cause, steps, source, id } = remedy;
    const texts = [title, cause, ...steps];
    expect(texts.filter((text) => !/^[A-Z].*\.$/s.test(text))).toEqual([]);
    expect(title.length).toBeLessThanOrEqual(90);
    expect(texts.filter((text) => text.length > 170)).toEqual([]);
    expect(steps.length).toBeGreaterThan(0);
    expect(source === null ? id : source).toMatch(/^(?:https:\/\/|postkey\.|callback\.|company\.)/);
  });

  test("has placeholders only in commands and links, and only known ones", () => {
    const texts = TOLD.flatMap(({ title, cause, steps }) => [title, cause, ...steps]);
    expect(texts.filter((text) => text.includes("{"))).toEqual([]);
    const filled = listRemedies().flatMap(({ command, link }) => [command?.text, link?.url]);
    const unknown = filled.filter((text) => text?.replace(KNOWN_PLACEHOLDERS, "").includes("{"));
    expect(unknown).toEqual([]);
  });

  test("knows the 189 numbers of the identity platform and what servers are known to say", () => {
    expect(new Set(NUMBERS).size).toBe(189);
    expect([...NUMBERS, ...REPLIES].filter((id) => !isKnown(id))).toEqual([]);
  });

  test("says in its own words what Microsoft says in others", () => {
    const spoken = Object.values(ERROR_TEXTS).map((text) => text.slice(0, 40));
    const texts = TOLD.flatMap(({ title, cause, steps }) => [title, cause, ...steps]);
    expect(texts.filter((text) => spoken.some((start) => text.startsWith(start)))).toEqual([]);
    expect(texts.filter((text) => text.includes("AADSTS"))).toEqual([]);
  });
});

test.each(NUMBERS)(
  "%s leads to the page of this tenant, or to Microsoft's about the number",
  (id) => {
    const url = fillRemedy(findRemedy(id), CONTEXT).link?.url ?? "";
    if (url.startsWith("https://login.microsoftonline.com/error?code="))
      return expect(`AADSTS${new URL(url).searchParams.get("code")}`).toBe(id);
    expect(url).toMatch(`${CONTEXT.portal}/${CONTEXT.tenantId}/#view/Microsoft_AAD_`);
    const isOfOneApplication = /ApplicationMenuBlade|ManagedAppMenuBlade/.test(url);
    expect(url.includes(`/appId/${CONTEXT.clientId}`)).toBe(isOfOneApplication);
    return undefined;
  },
);

test("what stands in braces is said to whoever fills it in", () => {
  for (const remedy of listRemedies()) {
    const text = `${remedy.command?.text ?? ""} ${remedy.link?.url ?? ""}`;
    const names = [...text.matchAll(KNOWN_PLACEHOLDERS)].map(([name]) => name.slice(1, -1));
    expect(Object.keys(placeholdersOf(remedy)).sort()).toEqual([...new Set(names)].sort());
  }
});

test("a host, a port or TLS is to be changed where it is set", () => {
  const stepsAt = (hostsAt: "account" | "provider" | "service") =>
    listRemedies()
      .flatMap((remedy) => fillRemedy(remedy, { ...CONTEXT, hostsAt }).steps)
      .join(" ");
  const [inAccount, atProvider] = [/\bhosts? in the account\b/i, /Hosts of the cloud provider/];
  expect(stepsAt("account")).toMatch(/in the account/);
  expect(stepsAt("account")).not.toMatch(atProvider);
  expect(stepsAt("provider")).toMatch(atProvider);
  expect(stepsAt("provider")).not.toMatch(/switch Modern Authentication off/);
  for (const place of [inAccount, atProvider]) expect(stepsAt("service")).not.toMatch(place);
});

describe("a command", () => {
  const entries = listRemedies().flatMap(({ ownMailbox, ...shared }) =>
    (ownMailbox ? [shared, { ...shared, ...ownMailbox }] : [shared]).map(templateOf),
  );

  test("is what one of the steps tells to run, to who can run it", () => {
    for (const { id, command, steps, who } of entries) {
      if (!command) continue;
      const told = steps.filter((step) => /command below/.test(step));
      expect(told, id).toHaveLength(1);
      const isLocal = command.shell === "Command line of the Postkey server";
      const runner = isLocal ? "postkey_administrator" : "tenant_administrator";
      const named = /an administrator of the tenant|the administrator of the Postkey server/;
      if (who !== runner) expect(told[0], id).toMatch(named);
    }
  });

  test("changes an address of the registration without losing the others", () => {
    const { command } = fillRemedy(findRemedy("AADSTS50011"), CONTEXT);
    expect(command?.text).toContain(`$(az ad app show --id '${CONTEXT.clientId}'`);
    expect(command?.text).toContain(`'${CONTEXT.redirectUri}'`);
  });
});

test("what may pass by itself is what the classifier tries again", () => {
  const classified = PLATFORM_NUMBERS.filter(({ places }) => places.includes("refresh"));
  const differing = classified.filter(({ number }) => {
    const body = JSON.stringify({ error: oauthErrorOf(number), error_codes: [number] });
    const { kind } = classifyMicrosoftReply({ status: 400, headers: {}, body });
    return (kind === "retry") !== (findRemedy(`AADSTS${number}`).retry === "yes");
  });
  expect(differing).toEqual([]);
});

describe("an id that nobody has described", () => {
  test("leads to Microsoft's page when it is a number of the identity platform", () => {
    const remedy = findRemedy("AADSTS999999");
    expect(remedy.id).toBe("AADSTS999999");
    expect(remedy.link?.url).toBe("https://login.microsoftonline.com/error?code=999999");
  });

  test.each(["", "AADSTS", "AADSTS1'; drop", "__proto__"])("%j still says what to do", (id) => {
    const remedy = findRemedy(id);
    expect(remedy.steps.length).toBeGreaterThan(0);
    expect(remedy.link).toBeUndefined();
  });
});

describe("a filled remedy", () => {
  const powershell: Entry = {
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

  test("leaves a command and a link out where a value is not known, and what the steps say of it", () => {
    const filled = fillRemedy(powershell, {});
    expect(filled.command).toBeUndefined();
    expect(filled.link).toBeUndefined();
    expect(filled.steps[0]).toBe("Switch IMAP on for the mailbox, and allow it some minutes.");
  });

  test.each(listRemedies().map(({ id }) => id))("%s has nothing left to fill in", (id) => {
    for (const context of [{}, { mailbox: "a@b.test" }, { clientId: "1" }, CONTEXT, OWN]) {
      const filled = fillRemedy(findRemedy(id), context);
      const texts = [filled.cause, ...filled.steps, filled.command?.text, filled.link?.url];
      expect(
        texts.filter((text) => /[{}]|<[a-z]/.test(text?.replace(/@\{.*?\}/g, "") ?? "")),
      ).toEqual([]);
      expect(filled.steps.length).toBeGreaterThan(0);
      if (!filled.command) expect(filled.steps.join(" ")).not.toMatch(/command below/);
    }
  });

  test.each(listRemedies().map(({ id }) => id))(
    "%s of one's own mailbox gives nobody a right to themselves",
    (id) => {
      if (!OF_OWN_MAILBOX.test(id)) return;
      const { cause, steps, command } = fillRemedy(findRemedy(id), OWN);
      expect(command?.text ?? "").not.toMatch(/-(?:User|Trustee) |MailboxPermission/);
      expect([cause, ...steps].join(" ")).not.toMatch(/shared|Full Access|Send As/);
    },
  );
});

/** What people meet at their own mailbox, for which no right to another one can be missing. */
const OF_OWN_MAILBOX = /^(?:imap|pop3|smtp)\.(?:auth|not_|mailbox_|send_as)/;
const OWN = { ...CONTEXT, login: "Support@contoso.test" };
