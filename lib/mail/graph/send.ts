import { createTransport } from "nodemailer";
import { composed, type Message, READS_NOTHING } from "../message";
import { safeServerText } from "../text";
import { type GraphMailbox, postMessage } from "./request";

const composer = createTransport({ streamTransport: true, buffer: true, ...READS_NOTHING });

/**
 * @returns what Microsoft said, which has no id of the message
 * @throws ProbeFailure also graph.outcome_unknown, after which nothing may repeat it
 */
export async function sendThroughGraph(
  mailbox: GraphMailbox,
  mail: Message,
  { secrets, deadlineMs }: { secrets: readonly string[]; deadlineMs: number },
): Promise<string> {
  // Quoted-printable bodies arrived damaged (JustinIven/smtp-oauth-relay#94).
  const { message } = await composer.sendMail({ ...composed(mail), textEncoding: "base64" });
  if (!Buffer.isBuffer(message)) throw new Error("The message is not in memory.");
  return `202 ${await handToGraph(mailbox, message, { secrets, deadlineMs })}`;
}

/** One that is composed already. @returns and throws as sendThroughGraph */
export async function handToGraph(
  mailbox: GraphMailbox,
  mime: Buffer,
  { secrets, deadlineMs }: { secrets: readonly string[]; deadlineMs: number },
): Promise<string> {
  const { headers } = await postMessage(mailbox, mime, { secrets, deadlineMs });
  const id = safeServerText(headers["request-id"] ?? "", secrets);
  return `Accepted by Microsoft Graph${id && ` (request ${id})`}`;
}
