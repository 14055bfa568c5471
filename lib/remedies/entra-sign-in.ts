import type { EntraRow } from "./entra-row";

/** Tokens that ended, the person who signs in, and what the tenant demands of that person. */
export const ENTRA_SIGN_IN: readonly EntraRow[] = [
  {
    codes: [700082],
    title: "The sign-in has ended because it was not used for 90 days.",
    cause: "Microsoft drops a refresh token that nobody used for so long.",
    steps: ["Press Authenticate and sign in. Postkey keeps the new one in use."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [70008, 50173, 50132, 50133, 70000],
    title: "The sign-in is no longer valid.",
    cause:
      "It was revoked, the password was reset by an administrator, or it belongs to another application.",
    steps: ["Press Authenticate and sign in again."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [70043],
    title: "The tenant's sign-in frequency has ended the session.",
    cause: "A Conditional Access policy asks for a new sign-in after a set time.",
    steps: [
      "Press Authenticate and sign in.",
      "Exclude this account or this application from the policy, or it will happen again.",
    ],
    who: "tenant_administrator",
    retry: "reauth",
  },
  {
    codes: [50089, 501481, 900561, 50058],
    title: "The sign-in was left open too long or was interrupted.",
    cause: "The page stayed open, or the browser's Back button was used.",
    steps: ["Press Authenticate and finish the sign-in in one go."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [54005],
    title: "The sign-in was completed twice.",
    cause: "The page was reloaded. The first time has counted.",
    steps: [
      "Look whether the account is already connected.",
      "If it is not, press Authenticate again.",
    ],
    who: "postkey_administrator",
    retry: "no",
  },
  {
    codes: [50020, 50034, 51004, 16000, 90072],
    title: "This account does not belong to the tenant.",
    cause: "The browser was signed in with another account, or the provider has the wrong tenant.",
    steps: [
      "Press Authenticate and choose the account of the mailbox. A private window helps.",
      "If the account is right, correct the tenant id in the provider.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [50057],
    title: "The account is disabled.",
    cause: "Shared mailboxes and accounts of people who left cannot sign in themselves.",
    steps: [
      "For a shared mailbox, sign in as a person with Full Access to it.",
      "Otherwise enable the account in the Microsoft 365 admin center.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: {
      shell: "Exchange Online PowerShell",
      text: "Get-MailboxPermission -Identity {mailbox} | Format-Table User,AccessRights",
    },
  },
  {
    codes: [50053],
    title: "The account is locked for the moment.",
    cause:
      "There were too many failed sign-ins, or they came from an address that Microsoft distrusts.",
    steps: [
      "Wait half an hour and try again.",
      "Look at the sign-in log in Entra to see where the failures come from.",
    ],
    who: "tenant_administrator",
    retry: "yes",
  },
  {
    codes: [50055, 50126, 50144],
    title: "The password is wrong or has expired.",
    cause: "Microsoft refused the password that was typed on its page.",
    steps: ["Reset the password, then press Authenticate and sign in."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [50072, 50079],
    title: "The person has to set up multi-factor authentication first.",
    cause: "The tenant demands a second factor, and this account has none.",
    steps: ["Press Authenticate and follow Microsoft's pages to the end."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [50074, 50076, 50078, 50158],
    title: "Microsoft asks for the second factor again.",
    cause: "A policy or a new place of sign-in demands it.",
    steps: [
      "Press Authenticate and confirm the second factor.",
      "Exclude this account from the policy if it asks again and again.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [50097, 50131, 53000, 53001, 53002, 53003, 530032, 53004, 53011],
    title: "A policy of the tenant blocks this sign-in.",
    cause:
      "Conditional Access checks the device, the risk and the address. Renewals come from this server.",
    steps: [
      "Find the sign-in in the Entra sign-in log. It names the policy.",
      "Allow this application and the address of this server in that policy.",
      "Press Authenticate again.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  },
  {
    codes: [530035],
    title: "Security defaults block this sign-in.",
    cause: "The request looked like an old way of signing in.",
    steps: [
      "Check that Modern Authentication is on for the account.",
      "Replace security defaults by Conditional Access if the account needs an exception.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  },
  {
    codes: [500021, 500212, 500213],
    title: "The organisation does not allow access to this tenant.",
    cause: "Tenant restrictions or cross-tenant settings forbid it.",
    steps: [
      "Ask the administrator of the account's own tenant to allow it.",
      "Or sign in from a network without that restriction.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  },
  {
    codes: [50196],
    title: "Microsoft saw the same request too often.",
    cause: "Something asked for tokens in a loop.",
    steps: ["Wait ten minutes. Postkey tries again by itself, more slowly."],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    codes: [90055, 50033, 90006, 90012, 90024, 90033, 90090, 70012, 80002, 50000],
    title: "The identity platform has a fault of its own.",
    cause: "Microsoft answered that it is busy or broken for the moment.",
    steps: [
      "Wait. Postkey tries again by itself, and the mailboxes stay signed in.",
      "If it lasts, look at the service health page of Microsoft 365.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
];
