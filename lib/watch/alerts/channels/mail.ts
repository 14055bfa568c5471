import "server-only";
import { openSubmission } from "@/lib/email-accounts/mailbox/open";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
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
  /** Of what is sent: the same for every attempt. */
  id: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** What of the text a reply must not be kept with. */
  secrets?: readonly string[];
  /** Asked once the server is known, before anything is sent. */
  confirm?: () => Promise<void>;
};

/**
 * Everything that Postkey writes to people by itself goes out here: through the server of a channel, or the
 * account that it names.
 *
 * @returns what the server answered, safe to show
 * @throws ProbeFailure, AppError
 */
export async function mailThrough(
  actor: Actor,
  channel: MailChannel,
  { id, confirm, ...mail }: Mail,
): Promise<string> {
  const messageId = `<${id}@${env().url.hostname}>`;
  const server = await serverOf(actor, channel);
  await confirm?.();
  return sendMail({ ...mail, messageId, isAutomatic: true, ...server });
}

type Server = Pick<OutgoingMail, "endpoint" | "credential" | "from">;

async function serverOf(actor: Actor, channel: MailChannel): Promise<Server> {
  const { target } = channel;
  if (target.kind === "email_account")
    return openSubmission(
      actor,
      await findMailboxAccount(actor, target.emailAccountId, "mail:send"),
    );
  const { smtp: endpoint, from, user } = target;
  if (user === "") return { endpoint, from, credential: null };
  const credential = { kind: "password", user, password: openSecret(channel) } as const;
  return { endpoint, from, credential };
}
