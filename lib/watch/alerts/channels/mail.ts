import { countOwnMail, inPlace } from "@/lib/devices/places/own";
import { openSubmission } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount, type MailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";
import { env } from "@/lib/kernel/env";
import { type OutgoingMail, sendMail } from "@/lib/mail/send";
import type { Target } from "../schema";
import { openSecret } from "./store";

export type MailTarget = Extract<Target, { recipients: string[] }>;
export type MailChannel = {
  alertChannelId: string;
  target: MailTarget;
  secretSealed: string | null;
};

export type Mail = {
  /** The same for every attempt. */
  id: string;
  to: readonly string[];
  subject: string;
  text: string;
  secrets?: readonly string[];
};

/** Sends all of Postkey's own mail. @permission none: a part of deliver. */
export async function mailThrough(actor: Actor, channel: MailChannel, mail: Mail): Promise<string> {
  return sendFrom(await openServer(actor, channel), mail);
}

export function sendFrom(
  { account, ...server }: Server,
  { id, ...mail }: Mail,
  deadlineMs?: number,
): Promise<string> {
  const messageId = `<${id}@${env().url.hostname}>`;
  const send = () => sendMail({ ...mail, messageId, isAutomatic: true, ...server }, deadlineMs);
  if (!account) return send();
  return inPlace(account, "smtp", async () => {
    await countOwnMail(account, mail.to.length);
    return send();
  });
}

type Server = Pick<OutgoingMail, "endpoint" | "credential" | "graph" | "from"> & {
  account?: MailboxAccount;
};

/** @permission none: a part of mailThrough and sendDueLetter; an account asks for mail:send. */
export async function openServer(actor: Actor, channel: MailChannel): Promise<Server> {
  const { target } = channel;
  if (target.kind === "email_account") {
    const account = await findMailboxAccount(actor, target.emailAccountId, "mail:send");
    return { ...(await openSubmission(actor, account)), account };
  }
  const { smtp: endpoint, from, user } = target;
  if (user === "") return { endpoint, from, credential: null };
  const credential = { kind: "password", user, password: openSecret(channel) } as const;
  return { endpoint, from, credential };
}
