import type { MailCredential } from "@/lib/mail/credential";
import { probeFailure, ServerRefusal } from "@/lib/mail/probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "@/lib/mail/xoauth2";
import { type LoggedIn, MAX_REPLIES, type Talk } from "./talk";

const TAG = "P1";

/** RFC 9051: AUTHENTICATE XOAUTH2 or LOGIN */
export async function imapLogin(talk: Talk, credential: MailCredential): Promise<LoggedIn> {
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
