import { describe, expect, test } from "vitest";
import { type AccountNames, identitiesOf } from "./identities";

const ALICE = "alice@contoso.test";
const SALES = "sales@contoso.test";
const INFO = "info@contoso.test";
const OWN = [ALICE, ALICE, ALICE, undefined];
const own: AccountNames = {
  service: "outlook365",
  modernAuthentication: true,
  username: ALICE,
  emailAddress: ALICE,
  mailbox: null,
  smtpUser: null,
  isAppOnly: false,
};
const names = (changes: Partial<AccountNames>) => {
  const { imap, pop3, smtp, otherSmtp } = identitiesOf({ ...own, ...changes });
  return [imap, pop3, smtp, otherSmtp];
};

describe("the names that the protocols take", () => {
  test.each([
    ["of a mailbox of one's own", {}, OWN],
    ["of a shared mailbox", { emailAddress: SALES }, [SALES, SALES, ALICE, SALES]],
    ["of a shared mailbox that is named", { mailbox: SALES }, [SALES, SALES, ALICE, SALES]],
    ["of an address other than the mailbox", { emailAddress: INFO, mailbox: ALICE }, OWN],
    [
      "once SMTP took it",
      { emailAddress: SALES, smtpUser: "mailbox" },
      [SALES, SALES, SALES, ALICE],
    ],
    ["or the login", { emailAddress: SALES, smtpUser: "login" }, [SALES, SALES, ALICE, SALES]],
    ["of an alias at Outlook.com", { service: "outlook_com", emailAddress: SALES }, OWN],
    [
      "of an application",
      { isAppOnly: true, emailAddress: SALES },
      [SALES, SALES, SALES, undefined],
    ],
    ["of a password", { modernAuthentication: false, emailAddress: SALES, mailbox: SALES }, OWN],
  ] as const)("%s", (_what, changes, expected) => expect(names(changes)).toEqual(expected));

  test("only who opens another's mailbox is a delegate", () => {
    expect(identitiesOf(own).isDelegate).toBe(false);
    expect(identitiesOf({ ...own, emailAddress: SALES }).isDelegate).toBe(true);
    expect(identitiesOf({ ...own, emailAddress: SALES, isAppOnly: true }).isDelegate).toBe(false);
  });
});
