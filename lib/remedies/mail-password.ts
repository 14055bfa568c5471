import type { Written } from "./remedy";
import { editAccount, toTokens } from "./steps";

/** What a server says of a password. */
export const PASSWORD_REMEDIES = [
  {
    id: "password.refused",
    credential: "password",
    title: "The user name or password is wrong.",
    cause: "The server refused them. Some accept only an app password, or none at all.",
    steps: [
      editAccount`Type the password again in the account.`,
      "Where two-step verification is on, create an app password and use that.",
      toTokens`Or switch Modern Authentication on for the account.`,
    ],
    source: "https://www.rfc-editor.org/rfc/rfc4954",
  },
  {
    id: "password.app_password",
    credential: "password",
    title: "The server wants an app password.",
    cause:
      "The account has two-step verification, and its own password does not work for programs.",
    steps: [
      "Create an app password in the account's security settings.",
      "Enter it as the password of the account.",
    ],
    who: "mailbox_owner",
    says: ["534 5.7.9 Application-specific password required"],
    source: "https://support.google.com/accounts/answer/185833",
  },
  {
    id: "password.expired",
    credential: "password",
    title: "The password has expired.",
    cause: "The server still knows the password, but no longer accepts it.",
    steps: [
      "Set a new password for the mailbox.",
      editAccount`Enter the new password in the account.`,
    ],
    who: "mailbox_owner",
    says: ["NO [EXPIRED] LOGIN failed: the password has expired."],
    source: "https://www.rfc-editor.org/rfc/rfc5530#section-3",
  },
] as const satisfies readonly Written[];
