import { MAILBOX } from "./commands";
import { EXCHANGE } from "./portal";
import type { Written } from "./remedy";
import { hosts } from "./steps";

const SMTP_AUTH =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission";

/** What SMTP servers say about the account. */
export const SMTP_REMEDIES = [
  {
    id: "smtp.auth_not_offered",
    title: "The SMTP server does not let this account sign in.",
    cause: "It offers no sign-in of this kind, or it is not the submission server.",
    steps: [
      hosts`Use the submission host of the service with port 587 and STARTTLS{there}.`,
      "Check that the mailbox may send over SMTP.",
    ],
    who: "tenant_administrator",
    command: MAILBOX.showProtocols,
    link: EXCHANGE.mailboxes,
    says: ["504 5.7.4 Unrecognized authentication type"],
    source: "https://www.rfc-editor.org/rfc/rfc4954",
  },
  {
    id: "smtp.client_refused",
    title: "The SMTP server does not talk to this machine.",
    cause: "It refuses the address that Postkey connects from, or it is not the submission server.",
    steps: [
      hosts`Use the submission host of the service with port 587{there}.`,
      "Check whether the address of this machine is on a block list.",
    ],
    says: ["554 5.7.1 Service unavailable; client host blocked"],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-3.1",
  },
  {
    id: "smtp.refused",
    title: "The SMTP server refused a command.",
    cause: "Its own words are below.",
    steps: ["Read the server's words.", hosts`Check host, port and TLS mode{there}.`],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-4.2",
  },
  {
    id: "smtp.not_authenticated",
    title: "The SMTP server wants a sign-in first.",
    cause: "The sign-in was not accepted, or the server wants another kind of connection.",
    steps: [hosts`Use port 587 with STARTTLS{there}.`, hosts`Check host and port{there}.`],
    command: MAILBOX.showProtocols,
    says: ["530 5.7.57 Client not authenticated to send mail."],
    source: SMTP_AUTH,
  },
] as const satisfies readonly Written[];
