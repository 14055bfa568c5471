import { once } from "node:events";
import type { Socket } from "node:net";
import type { FoundDevice } from "@/lib/devices/store";
import { resolveMailHost } from "@/lib/egress/mail-socket";
import { startTls } from "@/lib/egress/mail-tls";
import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint } from "@/lib/egress/schema";
import { serverOf } from "@/lib/email-accounts/hosts";
import { keepSmtpUser } from "@/lib/email-accounts/mailbox/mutations";
import {
  dropCredentials,
  type MailboxSession,
  openSession,
} from "@/lib/email-accounts/mailbox/open";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { mintActor } from "@/lib/kernel/mint-actor";
import { configuredEgress, configuredMailTls } from "@/lib/mail/configured";
import { type MailCredential, presented } from "@/lib/mail/credential";
import { imapDialect } from "@/lib/mail/imap";
import { asProbeFailure } from "@/lib/mail/mail-errors";
import { pop3Dialect, pop3Login } from "@/lib/mail/pop3";
import { probeFailure, ServerRefusal } from "@/lib/mail/probe-failure";
import type { MailStage } from "@/lib/mail/schema";
import { smtpDialect } from "@/lib/mail/smtp";
import { readReply, sayHello, smtpLogin, withOtherName } from "@/lib/mail/smtp-login";
import { requirePlainText, xoauth2InitialResponse } from "@/lib/mail/xoauth2";
import { refusedBy } from "@/lib/remedies/app-error";
import { openGraphUpstream } from "./graph";
import { type LoggedIn, MAX_REPLIES, Talk } from "./talk";
import type { Upstream } from "./upstream";

/** @throws AppError for the account or Postkey; ProbeFailure for its server */
export async function openUpstream(
  device: FoundDevice,
  protocol: Protocol,
  { stop, ms }: { stop: AbortSignal; ms: number },
): Promise<Upstream> {
  const attempt = new AbortController();
  const give = () => attempt.abort(stop.reason);
  stop.addEventListener("abort", give);
  const late = setTimeout(() => attempt.abort(timeout()), ms);
  try {
    return await signInAccount(device, { protocol, signal: attempt.signal });
  } finally {
    clearTimeout(late);
    stop.removeEventListener("abort", give);
  }
}

type Opening = { protocol: Protocol; signal: AbortSignal };

async function signInAccount(device: FoundDevice, opening: Opening): Promise<Upstream> {
  const actor = actorOf(device);
  const { emailAccountId: id, modernAuthentication } = device;
  const account = { id, modernAuthentication };
  if (device.sendsByGraph && opening.protocol === "smtp")
    return inTime(openGraphUpstream(actor, account), opening.signal);
  const open = () => inTime(openSession(actor, account), opening.signal);
  const onOtherName = (user: string) =>
    void keepSmtpUser(actor, { emailAccountId: id, user }).catch((error: unknown) =>
      log.warn({ error }, "the name that SMTP took is not kept"),
    );
  const at = ({ hosts }: MailboxSession) => ({
    ...opening,
    endpoint: serverOf(hosts, opening.protocol),
    onOtherName,
  });
  const first = await open();
  return signIn(at(first), first.credentials[opening.protocol]).catch(async (error: unknown) => {
    if (!isTokenSpent(error)) throw error;
    await dropCredentials(actor, account, first.credentials);
    const fresh = await open();
    return signIn(at(fresh), fresh.credentials[opening.protocol]);
  });
}

/** A renewal goes on without the device. */
function inTime<T>(token: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, failed) => {
    const onAbort = () => failed(refusedBy(NO_TOKEN, "temporarily_unavailable"));
    signal.addEventListener("abort", onAbort);
    token.then(done, failed).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}

const NO_TOKEN = "postkey.identity_platform_unreachable";

/** A device acts only for its account. */
function actorOf({ id, name, emailAccountId }: FoundDevice): Actor {
  return mintActor({
    kind: "device",
    id,
    name,
    permissions: new Set(["mail:read", "mail:send", "accounts:test"]),
    accounts: { ids: [emailAccountId] },
  });
}

function isTokenSpent(error: unknown): boolean {
  if (!(error instanceof ServerRefusal)) return false;
  // A password expires in the same words, and is not retried.
  const isOfToken = /token/i.test(error.reply);
  return isOfToken && /AccessTokenExpired|\[EXPIRED\]/i.test(error.reply);
}

type At = Opening & { endpoint: MailEndpoint; onOtherName: (user: string) => void };

/** @throws ServerRefusal for an expired token; ProbeFailure */
async function signIn(at: At, credential: MailCredential): Promise<Upstream> {
  const context = { protocol: at.protocol, ...presented(credential) };
  const failed = (error: unknown, stage: MailStage) => asProbeFailure(error, { ...context, stage });
  const talk = await connect(at).catch((error: unknown) => {
    throw failed(error, "connect");
  });
  try {
    const { replies, offers = new Set() } = await LOG_IN[at.protocol](talk, credential);
    return { socket: talk.socket, rest: talk.release(), replies, offers };
  } catch (error) {
    talk.socket.destroy();
    if (isTokenSpent(error)) throw error;
    const other = withOtherName(error, credential);
    if (!other) throw failed(error, "authenticate");
    // On a new connection, since many servers close after one failure.
    const upstream = await signIn(at, other);
    at.onOtherName(other.user);
    return upstream;
  }
}

async function connect({ endpoint, protocol, signal }: At): Promise<Talk> {
  const host = await resolveMailHost(endpoint, configuredEgress());
  signal.throwIfAborted();
  const plain = host.dial();
  plain.setKeepAlive(true, 60 * SECOND_MS);
  plain.on("error", () => {}); // each waiting says it
  signal.addEventListener("abort", () => plain.destroy(timeout()));
  try {
    await once(plain, "connect");
    return await greet(plain, { endpoint, protocol });
  } catch (error) {
    plain.destroy();
    throw plain.errored ?? error;
  }
}

async function greet(plain: Socket, { endpoint, protocol }: Pick<At, "endpoint" | "protocol">) {
  const dialect = DIALECTS[protocol];
  const isImplicit = endpoint.tls === "implicit";
  const talk = new Talk(isImplicit ? await secure(plain, endpoint) : plain);
  talk.greeting = await dialect.greet(talk);
  if (isImplicit) return talk;
  const { greeting } = talk;
  await dialect.requestTls({ reader: talk, send: (line) => talk.send(line), greeting });
  // Bytes after the consent were injected.
  if (talk.release().length > 0) throw probeFailure("tls.starttls_injection");
  return new Talk(await secure(plain, endpoint));
}

const DIALECTS = { imap: imapDialect, pop3: pop3Dialect, smtp: smtpDialect } as const;

type LogIn = (talk: Talk, credential: MailCredential) => Promise<LoggedIn>;

const LOG_IN: Readonly<Record<Protocol, LogIn>> = {
  imap: imapLogin,
  async pop3(talk, credential) {
    return { replies: [await pop3Login((line) => talk.ask(line), credential)] };
  },
  /** RFC 6409: AUTH XOAUTH2, PLAIN or LOGIN */
  async smtp(talk, credential) {
    const say = (command: string) => {
      talk.send(command);
      return readReply(() => talk.line());
    };
    const { offers, authMethods } = await sayHello(say);
    await smtpLogin({ authMethods, say }, credential);
    return { replies: [], offers };
  },
};

async function secure(plain: Socket, endpoint: MailEndpoint): Promise<Socket> {
  const socket = startTls(plain, endpoint, configuredMailTls());
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  return socket;
}

function timeout(): Error {
  return Object.assign(new Error("The server did not respond in time."), { code: "ETIMEDOUT" });
}

const TAG = "P1";

/** RFC 9051: AUTHENTICATE XOAUTH2 or LOGIN */
async function imapLogin(talk: Talk, credential: MailCredential): Promise<LoggedIn> {
  await sendLogin(talk, credential);
  const replies = await repliesTo(talk, TAG);
  const verdict = replies.at(-1) ?? "";
  if (!/^P1 OK\b/i.test(verdict)) throw new ServerRefusal(verdict);
  if (replies.some((line) => /\bCAPABILITY /i.test(line))) return { replies };
  // Exchange says it only when asked.
  talk.send("P2 CAPABILITY");
  return { replies: [...(await repliesTo(talk, "P2")).slice(0, -1), ...replies] };
}

async function sendLogin(talk: Talk, credential: MailCredential): Promise<void> {
  if (credential.kind === "password") {
    const { user, password } = credential;
    requirePlainText(user, password);
    return talk.send(`${TAG} LOGIN ${quoted(user)} ${quoted(password)}`);
  }
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  // RFC 4959: saves a round trip.
  if (/\bSASL-IR\b/i.test(talk.greeting))
    return talk.send(`${TAG} AUTHENTICATE XOAUTH2 ${response}`);
  const go = await talk.ask(`${TAG} AUTHENTICATE XOAUTH2`);
  if (!go.startsWith("+")) throw new ServerRefusal(go);
  talk.send(response);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

async function repliesTo(talk: Talk, tag: string): Promise<string[]> {
  const replies: string[] = [];
  while (replies.length < MAX_REPLIES) {
    const line = await talk.line();
    // A JSON error; an empty line fetches the verdict.
    if (line.startsWith("+")) talk.send("");
    else replies.push(line);
    if (line.startsWith(`${tag} `)) return replies;
    if (/^\* BYE\b/i.test(line)) throw new ServerRefusal(line);
  }
  throw probeFailure("mail.flood");
}
