import { z } from "zod";
import { shownOwnHostsSchema } from "@/lib/egress/schema";
import * as is from "@/lib/kernel/answers/schema";
import { verdictSchema } from "@/lib/mail/schema";
import { SERVICES } from "@/lib/mail/services/schema";
import { PROVIDER_STATES } from "@/lib/registrations/schema";
import { ACCOUNT_STATES, READS_BY, SENDS_BY, TEST_SCHEDULES } from "../schema";

export const accountRowSchema = z.object({
  id: is.id,
  name: is.text,
  key: is.text.describe(
    "The short key that agents see on their tabs, unique. At most 5 characters. A new account without one gets a free one, made of its name.",
  ),
  emailAddress: is.text.describe(
    "The address that mail is sent from. Letters before the @ are ASCII.",
  ),
  service: z
    .enum(SERVICES)
    .describe("The mail service, which decides the servers: where it does not, `hosts` does."),
  active: is.flag.describe(
    "`true` if the account is in use. An inactive one gives no tokens and is not tested on its schedule.",
  ),
  modernAuthentication: is.flag.describe(
    "`true` if the account signs in with OAuth 2.0, through its cloud provider; `false` if it uses a password.",
  ),
  username: is.text.describe(
    "The name that signs in: the owner of the mailbox, or a delegate of a shared one. The email address where it is left out. At most 254 characters.",
  ),
  cloudProviderId: is.maybeId.describe(
    "The cloud provider that signs the account in. Needed with Modern Authentication.",
  ),
  cloudProviderName: is.maybeText.describe("The name of its cloud provider."),
  state: z
    .enum(ACCOUNT_STATES)
    .describe("The current state of the account: the worse of its sign-in and its last test."),
  tokenState: z
    .enum(PROVIDER_STATES)
    .exclude(["not_signed_in"])
    .nullable()
    .describe("Null when no one is signed in with the account's user name."),
  failureId: is.maybeText.describe("An entry of the error catalogue: the failure of the sign-in."),
  testFailureId: is.maybeText.describe(
    "An entry of the error catalogue: the failure of the last test.",
  ),
  lastTestedAt: is.maybeTime.describe(
    "When its connections were last tested. Null before the first test, and while what was changed since the last one is not tested.",
  ),
  imapVerdict: verdictSchema
    .nullable()
    .describe(
      "Of the last test, for IMAP, or for Microsoft Graph in its place. Null as `lastTestedAt` is.",
    ),
  smtpVerdict: verdictSchema
    .nullable()
    .describe(
      "Of the last test, for SMTP, or for Microsoft Graph in its place. Null as `lastTestedAt` is.",
    ),
  pop3Verdict: verdictSchema
    .nullable()
    .describe("Of the last test, for POP3. Null as `lastTestedAt` is."),
  sendsBy: z
    .enum(SENDS_BY)
    .describe(
      "How mail is sent: over SMTP, or through Microsoft Graph, which needs no SMTP AUTH. `graph` only with Modern Authentication at Microsoft 365.",
    ),
  readsBy: z
    .enum(READS_BY)
    .describe(
      "How mail is read: over IMAP and POP3, or through Microsoft Graph, which needs neither. `graph` only with Modern Authentication at Microsoft 365.",
    ),
  testSchedule: z.enum(TEST_SCHEDULES),
  createdAt: is.time,
});

export const accountSchema = accountRowSchema.extend({
  contactListId: is.maybeId.describe("The List that new senders are saved to. Null to save none."),
  mailbox: is.maybeText.describe(
    "The mailbox that is opened, if it is not that of the username: a shared mailbox. Empty or null for the user's own. At most 254 characters.",
  ),
  hosts: shownOwnHostsSchema
    .nullable()
    .describe(
      "The servers, where the service does not say them: one or more of the three, and null for a protocol without one. It is not tested, and devices can't use it. Null otherwise.",
    ),
  description: is.text.describe("For people. At most 2,000 characters; may have several lines."),
  captureReplyTo: is.flag.describe(
    "`true` to save the Reply-To address of a message instead of the sender's.",
  ),
  captureAutomatic: is.flag.describe(
    "`true` to save automatic senders too, such as newsletters and bounces.",
  ),
  hasPassword: is.flag.describe("`true` if a password is stored."),
  nextTestAt: is.maybeTime.describe(
    "When Postkey tests it next: on its schedule, or at once after a sign-in, an import or a change of its settings. While the sign-in fails, the test is put off. Null when no test is planned.",
  ),
  failureText: is.maybeText,
  failedAt: is.maybeTime.describe("When the tokens were last refused."),
  version: is.version,
});

type OnScreens = {
  mailbox: string | null;
  /** As SMTP took it. */
  smtpUser: string | null;
  providerGrant: string | null;
  credentialKind: string | null;
  credentialExpiresAt: Date | null;
  isAppOnly: boolean;
};

export type EmailAccountRow = z.input<typeof accountRowSchema> & OnScreens;
export type EmailAccountDetail = z.input<typeof accountSchema> & OnScreens;
