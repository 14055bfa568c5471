import { probeFailure, ServerRefusal } from "@/lib/mail/probe-failure";
import { readReply, type SmtpSession, sayHello, smtpLogin } from "@/lib/mail/smtp-login";
import type { Dialect, Talk } from "./talk";

/** RFC 6409: AUTH XOAUTH2, PLAIN or LOGIN */
export const smtp: Dialect = {
  async greet(talk) {
    const { code, text } = await readReply(() => talk.line());
    if (code !== 220) throw new ServerRefusal(text);
  },

  async startTls(talk) {
    await sayHello(sayOn(talk));
    const { code } = await sayOn(talk)("STARTTLS");
    if (code !== 220) throw probeFailure("tls.starttls_missing");
  },

  async logIn(talk, credential) {
    const say = sayOn(talk);
    const { offers, authMethods } = await sayHello(say);
    await smtpLogin({ authMethods, say }, credential);
    return { replies: [], offers };
  },
};

function sayOn(talk: Talk): SmtpSession["say"] {
  return (command) => {
    talk.send(command);
    return readReply(() => talk.line());
  };
}
