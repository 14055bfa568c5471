import type { MailCredential } from "./credential";
import { ServerRefusal } from "./probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "./xoauth2";

/** Sends a line and reads the next one. */
type Ask = (line: string) => Promise<string>;

export function isPositive(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}

/** @throws ServerRefusal */
export function accepted(reply: string): string {
  if (!isPositive(reply)) throw new ServerRefusal(reply);
  return reply;
}

/**
 * Signs in by AUTH XOAUTH2 with a token (RFC 5034), by USER and PASS with a password (RFC 1939).
 * @returns the reply @throws ServerRefusal; ProbeFailure `mail.invalid_credential`
 */
export async function pop3Login(ask: Ask, credential: MailCredential): Promise<string> {
  if (credential.kind === "password") {
    requirePlainText(credential.user, credential.password);
    accepted(await ask(`USER ${credential.user}`));
    return accepted(await ask(`PASS ${credential.password}`));
  }
  const response = xoauth2InitialResponse(credential.user, credential.accessToken);
  // Two lines always: Exchange Online ends the connection when the token is on the first.
  const go = await ask("AUTH XOAUTH2");
  if (!go.startsWith("+") || isPositive(go)) throw new ServerRefusal(go);
  const reply = await ask(response);
  if (isPositive(reply)) return reply;
  // An error in JSON; an empty line fetches the verdict that follows it (RFC 5034 §4).
  throw new ServerRefusal(reply.startsWith("+ ") ? await ask("") : reply);
}
