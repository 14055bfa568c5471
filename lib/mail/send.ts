import { once } from "node:events";
import type { Socket } from "node:net";
import { createTransport } from "nodemailer";
import type { SMTPConnectionCustomAuthContext } from "nodemailer/lib/smtp-connection";
import { z } from "zod";
import { resolveMailHost } from "@/lib/egress/mail-socket";
import { mailTlsOptions } from "@/lib/egress/mail-tls";
import type { MailEndpoint } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { configuredEgress, configuredMailTls } from "./configured";
import { type MailCredential, presented, secretsOf } from "./credential";
import type { GraphMailbox } from "./graph/request";
import { sendThroughGraph } from "./graph/send";
import { asProbeFailure } from "./mail-errors";
import { composed, type Message, READS_NOTHING } from "./message";
import { probeFailure } from "./probe-failure";
import type { MailStage } from "./schema";
import { replyOf, smtpLogin } from "./smtp-login";
import { safeServerText } from "./text";

export type OutgoingMail = Message & {
  endpoint: MailEndpoint;
  credential: MailCredential | null;
  /** Through Microsoft Graph instead. */
  graph?: GraphMailbox;
  /** The server may repeat the text. */
  secrets?: readonly string[];
};

/** In total: nodemailer waits forever for a server that drips. */
const DEADLINE_MS = 30 * SECOND_MS;
const MAX_RESPONSE_BYTES = 64 * 1024;

/** @returns the server's answer, safe to show @throws ProbeFailure */
export async function sendMail(mail: OutgoingMail, deadlineMs = DEADLINE_MS): Promise<string> {
  if (mail.graph)
    return sendThroughGraph(mail.graph, mail, { secrets: secretsIn(mail), deadlineMs });
  const run: Run = { stage: "resolve", socket: undefined, isOver: false };
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(probeFailure("mail.deadline")), deadlineMs);
  });
  try {
    return await Promise.race([submitUnderEitherName(mail, run), expired]);
  } catch (error) {
    const stage = stageOf(error) ?? run.stage;
    const context = { ...presented(mail.credential), secrets: secretsIn(mail) };
    throw asProbeFailure(error, { protocol: "smtp", stage, ...context });
  } finally {
    clearTimeout(timer);
    run.isOver = true;
    run.socket?.destroy();
  }
}

/** A refusal after the sign-in is not about the token. */
function stageOf(error: unknown): MailStage | undefined {
  const { data } = z.object({ command: z.enum(["MAIL FROM", "RCPT TO", "DATA"]) }).safeParse(error);
  if (!data) return undefined;
  return data.command === "MAIL FROM" ? "sender" : "mailbox";
}

/** Trying is the only way to know the right name for a shared mailbox. */
async function submitUnderEitherName(mail: OutgoingMail, run: Run): Promise<string> {
  const { credential } = mail;
  if (credential?.kind !== "xoauth2" || credential.otherUser === undefined)
    return submit(mail, run);
  const { otherUser, ...other } = credential;
  return submit(mail, run).catch((refusal: unknown) => {
    if (!isOfName(refusal)) throw refusal;
    run.socket?.destroy();
    return submit({ ...mail, credential: { ...other, user: otherUser } }, run).catch(
      (error: unknown) => {
        throw isOfName(error) ? refusal : error;
      },
    );
  });
}

/** RFC 4954 §6 */
function isOfName(error: unknown): boolean {
  return z.object({ code: z.literal("EAUTH"), responseCode: z.literal(535) }).safeParse(error)
    .success;
}

type Run = { stage: MailStage; socket: Socket | undefined; isOver: boolean };

async function submit(mail: OutgoingMail, run: Run): Promise<string> {
  const { endpoint } = mail;
  const host = await resolveMailHost(endpoint, configuredEgress());
  if (run.isOver) throw probeFailure("mail.deadline");
  run.stage = "connect";
  const socket = host.dial();
  run.socket = socket;
  socket.on("error", () => {}); // errors after the end have no one to report to
  await once(socket, "connect");
  run.stage = "authenticate";
  const transport = createTransport({
    host: endpoint.host,
    port: endpoint.port,
    secure: endpoint.tls === "implicit",
    requireTLS: true,
    tls: mailTlsOptions(endpoint, configuredMailTls()),
    maxResponseSize: MAX_RESPONSE_BYTES,
    logger: false,
    ...READS_NOTHING,
    getSocket: (_options, done) => done(null, { connection: socket }),
    ...(mail.credential && signInWith(mail.credential)),
  });
  const sent = await transport.sendMail(composed(mail));
  return safeServerText(sent.response, secretsIn(mail));
}

function secretsIn({ credential, secrets = [] }: OutgoingMail): string[] {
  return [...secretsOf(credential), ...secrets];
}

/** nodemailer would put any token on the command line. */
function signInWith(credential: MailCredential) {
  const { user } = credential;
  if (credential.kind === "password") return { auth: { user, pass: credential.password } };
  const login = ({ authMethods, sendCommand }: SMTPConnectionCustomAuthContext) =>
    smtpLogin(
      { authMethods, say: async (command) => replyOf((await sendCommand(command)).response) },
      credential,
    );
  return {
    auth: { type: "custom" as const, method: LOGIN_BY_TOKEN, user },
    customAuth: { [LOGIN_BY_TOKEN]: login },
  };
}

/** nodemailer generates tokens for XOAUTH2. */
const LOGIN_BY_TOKEN = "POSTKEY";
