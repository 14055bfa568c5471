import { words } from "@/lib/kernel/words";
import { MAILBOX } from "./commands";
import { ADMIN, entry, OWNER_SIGNS_IN, PASSES, see, TENANT_ADMIN } from "./entry";
import { EXCHANGE, REGISTRATION } from "./portal";
import { editAccount, RETRIED, run, signIn, test, wait } from "./steps";

const SEND_MAIL = "https://learn.microsoft.com/graph/api/user-sendmail";

/** So says Graph of what it did not serve. */
export const NOT_SERVED: readonly string[] = ["graph.busy", "graph.send_limit"];
/** Nothing may repeat what ended so. */
export const OUTCOME_UNKNOWN = "graph.outcome_unknown";

/** Another try would end the same way, or send it twice: the message goes back to who wrote it. */
const OF_MESSAGE = [OUTCOME_UNKNOWN].concat(
  words("graph.message_refused graph.send_as_denied graph.send_refused"),
);
export const isOfMessage = (remedyId = "") => OF_MESSAGE.includes(remedyId);

/** One sign-in is asked for both. */
const CONSENT = { reason: "graph_consent" } as const;

/** Exchange's words in the answer of Microsoft Graph (HTTP status, `error.code`). */
export const GRAPH_SENDING = [
  entry("graph.send_not_consented", see(OWNER_SIGNS_IN, REGISTRATION.permissions), CONSENT)`
    Sending through Microsoft Graph is not consented to.
    The sign-in is good for the mail servers. For Microsoft Graph it lacks the permission Mail.Send, or Mail.Send.Shared for a shared mailbox.
    ${signIn`{Press}. Microsoft then asks for the permission.`}
    If Microsoft asks for an administrator, have one grant consent for the organisation from the page of the cloud provider.`,
  entry("graph.read_not_consented", see(OWNER_SIGNS_IN, REGISTRATION.permissions), CONSENT)`
    Reading through Microsoft Graph is not consented to.
    The sign-in is good for the mail servers. For Microsoft Graph it lacks the permission Mail.ReadBasic, or Mail.ReadBasic.Shared for a shared mailbox.
    ${signIn`{Press}. Microsoft then asks for the permission.`}
    If Microsoft asks for an administrator, have one grant consent for the organisation from the page of the cloud provider.`,
  entry("graph.read_denied", see(TENANT_ADMIN, MAILBOX.giveFullAccess), {
    ownMailbox: {
      cause:
        "The permission Mail.ReadBasic is missing, or a policy of the organisation keeps the application out of this mailbox. It may also be less than two hours old.",
      steps: [
        "Check that Mail.ReadBasic of Microsoft Graph is granted to the application, and that its scope in Exchange includes the mailbox.",
        test`Allow up to two hours, then {press}.`,
      ],
      command: MAILBOX.showMailbox,
    },
  })`
    Microsoft Graph may not read this mailbox.
    The account that signed in has no Full Access to the mailbox, or a policy of the organisation keeps the application out.
    ${run`Give it Full Access with {command}.`}
    ${test`Allow up to two hours, then {press}.`}`,
  entry("graph.read_refused", ADMIN)`
    Microsoft Graph refused to read.
    Its answer names a reason that Postkey does not know.
    ${test`Look the reason up at Microsoft, then {press}.`}`,
  entry("graph.send_denied", see(TENANT_ADMIN, MAILBOX.giveFullAccess), {
    says: ["ErrorAccessDenied", "NoPermissionsInAccessToken"],
    ownMailbox: {
      cause:
        "The permission Mail.Send is missing, or a policy of the organisation keeps the application out of this mailbox. It may also be less than two hours old.",
      steps: [
        "Check that Mail.Send of Microsoft Graph is granted to the application, and that its scope in Exchange includes the mailbox.",
        test`Allow up to two hours, then {press}.`,
      ],
      command: MAILBOX.showMailbox,
    },
  })`
    Microsoft Graph may not send from this mailbox.
    The account that signed in has no Full Access to the mailbox, or a policy of the organisation keeps the application out.
    ${run`Give it Full Access with {command}.`}
    ${test`Allow up to two hours, then {press}.`}`,
  entry("graph.send_as_denied", see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.giveSendAs), {
    says: ["ErrorSendAsDenied"],
  })`
    The account may not send with this address.
    The Email Address differs from the account that signed in, and Send As is missing.
    ${run`Give the account that signed in Send As on the mailbox with {command}.`}
    Or use its own address as Email Address.`,
  entry("graph.no_mailbox", see(TENANT_ADMIN, MAILBOX.showMailbox), {
    says: ["MailboxNotEnabledForRESTAPI", "ErrorMailboxNotEnabledForRESTAPI"],
  })`
    The account has no mailbox that Microsoft Graph can use.
    It has no Exchange Online licence, is a guest, or its mailbox is on the organisation's own servers.
    Assign it a licence for Exchange Online, or use another mailbox.`,
  entry("graph.unknown_mailbox", ADMIN, {
    says: ["ErrorInvalidUser", "ErrorItemNotFound"],
  })`
    Microsoft Graph does not know this mailbox.
    The organisation has no such address.
    ${editAccount`Correct the mailbox of the account.`}`,
  entry("graph.send_blocked", see(TENANT_ADMIN, MAILBOX.showSender), {
    says: ["ErrorMessageSubmissionBlocked"],
  })`
    This mailbox is blocked from sending.
    Microsoft saw too much unwanted mail from it.
    Find out who sent it, change the password, and remove the mailbox from Restricted entities in Microsoft Defender.`,
  entry("graph.send_limit", PASSES, { says: ["ErrorExceededMessageLimit"] })`
    The mailbox has sent as much as it may in a day.
    Exchange Online limits messages and recipients per day.
    ${wait`Wait until tomorrow, or send from several mailboxes.`}`,
  entry("graph.mailbox_full", TENANT_ADMIN, { says: ["ErrorQuotaExceeded"] })`
    The mailbox is full.
    Microsoft Graph stores each message in the mailbox before it sends it, and there is no room.
    Empty Sent Items or Deleted Items, or give the mailbox more room.`,
  entry("graph.message_refused", ADMIN, {
    says: ["ErrorInvalidRecipients", "InvalidInternetMessageHeader"],
  })`
    Microsoft Graph refused the message.
    An address is not valid, or the message is larger than Microsoft Graph takes in one request.
    Check the recipients, and send less at once.`,
  entry("graph.send_refused", ADMIN)`
    Microsoft Graph refused to send.
    Its answer names a reason that Postkey does not know.
    ${test`Look the reason up at Microsoft, then {press}.`}`,
  entry("graph.unclear_answer", PASSES)`
    Microsoft Graph gave no clear answer.
    The connection broke, something between answered in its place, or it has a fault of its own.
    Let the Graph host of the provider's cloud through without inspection.
    ${RETRIED}`,
  entry(OUTCOME_UNKNOWN, { retry: "no" })`
    It is not known whether the message was sent.
    Microsoft Graph took the request and gave no clear answer. Messages were delivered after such an answer, so Postkey does not send it again.
    Look for the message in Sent Items of the mailbox, by its subject.
    If it is not there after some minutes, send it again.`,
  entry("graph.token_of_application", ADMIN)`
    An application's token for Microsoft Graph is not handed out.
    It carries all that the application may do, which may include new client secrets for itself.
    Let the program send through Postkey, with a key that has mail:send.`,
  entry("graph.busy", PASSES, { says: ["ApplicationThrottled"] })`
    Microsoft Graph takes no more requests at the moment.
    It serves four requests of an application at once, for all mailboxes together, and asked to wait.
    ${wait`Wait. A test is repeated by itself, and a message by who sent it.`}`,
].map((row) => ({ source: SEND_MAIL, ...row }));
