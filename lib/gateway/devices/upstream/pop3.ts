import { accepted, isPositive, pop3Login } from "@/lib/mail/pop3-login";
import { probeFailure } from "@/lib/mail/probe-failure";
import type { Dialect } from "./talk";

export const pop3: Dialect = {
  async greet(talk) {
    accepted(await talk.line());
  },

  async startTls(talk) {
    if (!isPositive(await talk.ask("STLS"))) throw probeFailure("tls.starttls_missing");
  },

  async logIn(talk, credential) {
    return { replies: [await pop3Login((line) => talk.ask(line), credential)] };
  },
};
