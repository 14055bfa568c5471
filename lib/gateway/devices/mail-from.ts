import type { Client } from "./client";
import { recordRefusedSender } from "./message-refusals";
import { maySendFrom } from "./senders";
import type { Session } from "./sessions";
import { readMail, refusalOfParameters } from "./smtp-words";

type MailFrom = { address: string; parameters: string[] };

/** What MAIL names as the sender, or the address of the account in its place. @returns words where it is refused */
export function readSender(text: string, client: Client, session: Session): MailFrom | string {
  const mail = readMail(text);
  if (!mail) return "501 5.5.4 MAIL takes FROM:<address>.";
  const unknown = refusalOfParameters(mail.parameters);
  if (unknown !== null) return unknown;
  const { device } = session;
  if (maySendFrom(device, mail.address)) return mail;
  // Also in place of none, of a failure notice: the account is told where that one fails.
  if (device.rewriteFrom) return { ...mail, address: device.emailAddress };
  recordRefusedSender(client, session, mail.address);
  return "550 5.7.1 This device may not send from this address.";
}
