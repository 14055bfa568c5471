import type { MailCredential } from "./credential";
import { ServerRefusal } from "./probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

type Ask = (line: string) => Promise<string>;

export function isPositive(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}

/** @throws ServerRefusal */
export function accepted(reply: string): string {
  if (!isPositive(reply)) throw new ServerRefusal(reply);
  return reply;
}

/** RFC 5034, RFC 1939. @throws ServerRefusal; ProbeFailure `mail.invalid_credential` */
export async function pop3Login(ask: Ask, credential: MailCredential): Promise<string> {
  if (credential.kind === "password") {
    requirePlainText(credential.user, credential.password);
    accepted(await ask(`USER ${credential.user}`));
    return accepted(await ask(`PASS ${credential.password}`));
  }
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  // Exchange Online disconnects when the token is on the first line.
  const go = await ask("AUTH XOAUTH2");
  if (!go.startsWith("+") || isPositive(go)) throw new ServerRefusal(go);
  const reply = await ask(response);
  if (isPositive(reply)) return reply;
  // A JSON error; an empty line fetches the verdict (RFC 5034 §4).
  throw new ServerRefusal(reply.startsWith("+ ") ? await ask("") : reply);
}
