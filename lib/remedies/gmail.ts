import { entry, OWNER, OWNER_WAITS, see, TENANT_ADMIN } from "./entry";
import { editAccount, signIn, test, wait } from "./steps";

const SWITCH = "https://support.google.com/a/answer/105694";

export const GMAIL_REMEDIES = [
  entry("gmail.token_refused", OWNER, {
    credential: "xoauth2",
    link: { label: "App access control", url: "https://admin.google.com/ac/owl/list" },
    says: [
      "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
      "535 5.7.8 Username and Password not accepted.",
      "-ERR [AUTH] Username and password not accepted.",
    ],
    source: "https://developers.google.com/gmail/imap/xoauth2-protocol",
  })`
    Gmail's server refused the token.
    It opens only the mailbox of the account that signed in, or the access was removed, or the domain does not trust this app.
    ${editAccount`Check that the Username of the account is the primary address of the account that signed in.`}
    ${signIn`{Press} and sign in with that account.`}
    In the Google Admin console, check under App access control that this app is trusted.`,
  entry("gmail.off_for_domain", see(TENANT_ADMIN, SWITCH), {
    link: {
      label: "End User Access",
      url: "https://admin.google.com/ac/apps/gmail/enduseraccess",
    },
    says: ["NO [ALERT] IMAP access is disabled for your domain."],
  })`
    The domain does not let its people use Gmail over this protocol.
    An administrator of the Workspace domain switched IMAP and POP3 off for this person.
    In the Google Admin console open Apps, Google Workspace, Gmail, End User Access, and allow POP and IMAP access.
    ${test`Wait until it takes effect, up to 24 hours, then {press}.`}`,
  entry("gmail.off_for_mailbox", see(OWNER, SWITCH), {
    link: { label: "Gmail settings", url: "https://mail.google.com/mail/#settings/fwdandpop" },
    says: ["NO [ALERT] Your account is not enabled for IMAP use."],
  })`
    IMAP or POP3 is switched off in this mailbox's settings.
    Each mailbox has a switch of its own for either protocol.
    In Gmail open Settings, Forwarding and POP/IMAP, and enable the protocol.
    ${test`Then {press}.`}`,
  entry("gmail.bandwidth", see(OWNER_WAITS, "https://support.google.com/a/answer/1071518"), {
    says: ["NO [OVERQUOTA] Account exceeded command or bandwidth limits."],
  })`
    The mailbox has used up what Gmail allows for a day.
    Gmail limits downloads over IMAP to 2,500 MB and over POP3 to 1,250 MB a day, and the commands of all programs together.
    ${wait`Wait. Gmail lifts the limit within 24 hours.`}
    Find out which other programs read this mailbox, and have them fetch less.`,
  entry("gmail.web_login", see(OWNER, "https://support.google.com/mail/answer/7126229"), {
    link: { label: "Recent activity", url: "https://myaccount.google.com/notifications" },
    says: [
      "NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.",
      "534 5.7.14 Please log in via your web browser and then try again.",
    ],
  })`
    Google wants the person to sign in with a browser first.
    It saw a sign-in from a new place, and asks whether that was its owner.
    Sign in to Gmail in a browser with this account, and confirm that it was you.
    ${test`Then {press}.`}`,
  entry("gmail.sending_limit", see(OWNER_WAITS, "https://support.google.com/a/answer/166852"), {
    says: ["550 5.4.5 Daily user sending limit exceeded."],
  })`
    The mailbox has reached Gmail's limit of messages for a day.
    Workspace lets a mailbox send 2,000 messages a day, and a personal account 500.
    ${wait`Wait. Gmail lets it send again within 24 hours.`}
    Use a service made for bulk mail for newsletters and the like.`,
];
