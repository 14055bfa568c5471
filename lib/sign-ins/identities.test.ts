import { describe, expect, test } from "vitest";
import { type AccountNames, identitiesOf } from "./identities";

const ALICE = "alice@contoso.test";
const SALES = "sales@contoso.test";
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
    ["of a mailbox of one's own", {}, [ALICE, ALICE, ALICE, undefined]],
    [
      "however it is written",
      { emailAddress: "Alice@CONTOSO.test" },
      [ALICE, ALICE, ALICE, undefined],
    ],
    ["of a shared mailbox", { emailAddress: SALES }, [SALES, SALES, ALICE, SALES]],
    ["of a shared mailbox that is named", { mailbox: SALES }, [SALES, SALES, ALICE, SALES]],
    [
      "of an address that is none of the mailbox that is named",
      { emailAddress: "info@contoso.test", mailbox: ALICE },
      [ALICE, ALICE, ALICE, undefined],
    ],
    [
      "once SMTP took the mailbox",
      { emailAddress: SALES, smtpUser: "mailbox" },
      [SALES, SALES, SALES, ALICE],
    ],
    [
      "once SMTP took the login",
      { emailAddress: SALES, smtpUser: "login" },
      [SALES, SALES, ALICE, SALES],
    ],
    [
      "of an alias at Outlook.com",
      { service: "outlook_com", emailAddress: SALES },
      [ALICE, ALICE, ALICE, undefined],
    ],
    [
      "of an application",
      { isAppOnly: true, emailAddress: SALES, smtpUser: "mailbox" },
      [SALES, SALES, SALES, undefined],
    ],
    [
      "of an application that opens another mailbox",
      { isAppOnly: true, mailbox: "info@contoso.test" },
      Array(3).fill("info@contoso.test").concat(undefined),
    ],
    [
      "of a password",
      { modernAuthentication: false, emailAddress: SALES, mailbox: SALES },
      [ALICE, ALICE, ALICE, undefined],
    ],
  ] as const)("%s", (_what, changes, expected) => {
    expect(names(changes)).toEqual(expected);
  });

  test("only who opens another's mailbox is a delegate", () => {
    expect(identitiesOf(own).isDelegate).toBe(false);
    expect(identitiesOf({ ...own, emailAddress: SALES }).isDelegate).toBe(true);
    expect(identitiesOf({ ...own, emailAddress: SALES, isAppOnly: true }).isDelegate).toBe(false);
  });
});
