import { probeFailure, ServerRefusal } from "@/lib/mail/probe-failure";
import { requirePlainText, xoauth2InitialResponse } from "@/lib/mail/xoauth2";
import type { Dialect } from "./talk";

/** POP3 to the account's server (RFC 1939): AUTH XOAUTH2 with a token, USER and PASS with a password. */
export const pop3: Dialect = {
  async greet(talk) {
    requireOk(await talk.line());
  },

  async startTls(talk) {
    if (!isOk(await talk.ask("STLS"))) throw probeFailure("tls.starttls_missing");
  },

  async logIn(talk, credential) {
    if (credential.kind === "password") {
      requirePlainText(credential.user, credential.password);
      requireOk(await talk.ask(`USER ${credential.user}`));
      return { replies: [requireOk(await talk.ask(`PASS ${credential.password}`))] };
    }
    // Two lines always: Exchange Online ends the connection when the token is on the first.
    const go = await talk.ask("AUTH XOAUTH2");
    if (!go.startsWith("+") || isOk(go)) throw new ServerRefusal(go);
    const reply = await talk.ask(xoauth2InitialResponse(credential.user, credential.accessToken));
    // An error in JSON; an empty line fetches the verdict that follows it (RFC 5034 §4).
    return { replies: [requireOk(reply.startsWith("+ ") ? await talk.ask("") : reply)] };
  },
};

function isOk(reply: string): boolean {
  return /^\+OK\b/i.test(reply);
}

function requireOk(reply: string): string {
  if (!isOk(reply)) throw new ServerRefusal(reply);
  return reply;
}
