import { createTransport } from "nodemailer";
import { composed, type Message, READS_NOTHING } from "../message";
import { safeServerText } from "../text";
import { type GraphMailbox, postMessage, type Sending } from "./request";

const composer = createTransport({ streamTransport: true, buffer: true, ...READS_NOTHING });

/**
 * @returns what Microsoft said, which has no id of the message
 * @throws ProbeFailure also graph.outcome_unknown, after which nothing may repeat it
 */
export async function sendThroughGraph(
  mailbox: GraphMailbox,
  mail: Message,
  sending: Sending,
): Promise<string> {
  // Quoted-printable bodies arrived damaged (JustinIven/smtp-oauth-relay#94).
  const { message } = await composer.sendMail({ ...composed(mail), textEncoding: "base64" });
  if (!Buffer.isBuffer(message)) throw new Error("The message is not in memory.");
  return `202 ${await handToGraph(mailbox, message, sending)}`;
}

/** One that is composed already. @returns and throws as sendThroughGraph */
export async function handToGraph(
  mailbox: GraphMailbox,
  mime: Buffer,
  sending: Sending,
): Promise<string> {
  const { headers } = await postMessage(mailbox, mime, sending);
  const id = safeServerText(headers["request-id"] ?? "", sending.secrets);
  return `Accepted by Microsoft Graph${id && ` (request ${id})`}`;
}
