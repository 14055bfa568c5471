import { createTransport } from "nodemailer";
import { safeServerText } from "../text";
import { type GraphMailbox, postMessage, refusalOf, TAKEN } from "./request";

const composer = createTransport({ streamTransport: true, buffer: true });

type Message = {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  messageId: string;
  isAutomatic: boolean;
};

/**
 * @returns what Microsoft said, which has no id of the message
 * @throws ProbeFailure also graph.outcome_unknown, after which nothing may repeat it
 */
export async function sendThroughGraph(
  mailbox: GraphMailbox,
  { from, to, subject, text, messageId, isAutomatic }: Message,
  { secrets, deadlineMs }: { secrets: readonly string[]; deadlineMs: number },
): Promise<string> {
  const { message } = await composer.sendMail({
    from,
    to: [...to],
    subject,
    text,
    messageId,
    // Quoted-printable bodies arrived damaged (smtp-oauth-relay, issue 94).
    textEncoding: "base64",
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: isAutomatic ? { "auto-submitted": "auto-generated" } : {},
  });
  if (!Buffer.isBuffer(message)) throw new Error("The message is not in memory.");
  const reply = await postMessage(mailbox, message, deadlineMs);
  if (reply.status !== TAKEN) throw refusalOf(reply, secrets);
  const id = safeServerText(reply.headers["request-id"] ?? "", secrets);
  return `202 Accepted by Microsoft Graph${id && ` (request ${id})`}`;
}
