import { checkGoogleToken } from "../google/access";
import { checkBearer, checkPassword, type MailAccess } from "./access";
import { verbatimReply } from "./replies";
import { parsePlain, parseXoauth2 } from "./sasl";
import type { MailSession } from "./server";

/** Faults that strike at authentication; each protocol makes its own of them. */
const LOGIN_FAULTS = [
  "temporary",
  "imap_disabled",
  "pop_disabled",
  "smtp_auth_disabled_tenant",
  "smtp_auth_disabled_mailbox",
  "authenticated_not_connected",
] as const;
type LoginFault = (typeof LOGIN_FAULTS)[number];

export type LoginResult =
  | MailAccess
  | { kind: "fault"; fault: LoginFault; access: MailAccess }
  | { kind: "reply"; turns: readonly string[] };

/** Answers a SASL response, and writes into the log why it was refused: no protocol says so. */
export function logIn(session: MailSession, mechanism: string, response: string): LoginResult {
  if (mechanism === "XOAUTH2") {
    const parsed = parseXoauth2(response);
    if (!parsed) return finish(session, "", refused("the XOAUTH2 response cannot be read"));
    const login = { protocol: session.protocol, ...parsed };
    const check = session.flavour === "google" ? checkGoogleToken : checkBearer;
    return finish(session, parsed.user, check(session.platform, login));
  }
  const parsed = parsePlain(response);
  if (!parsed) return finish(session, "", refused("the PLAIN response cannot be read"));
  return logInWithPassword(session, parsed.user, parsed.password);
}

export function logInWithPassword(session: MailSession, user: string, password: string) {
  const access =
    session.flavour !== "password"
      ? refused("basic authentication is off")
      : checkPassword(session.platform, user, password);
  return finish(session, user, access);
}

/** The SASL mechanisms this session offers. */
export function offersXoauth2(session: MailSession): boolean {
  if (session.flavour === "password") return false;
  return !session.platform.faults.strikes("no_xoauth2", { place: session.protocol });
}

function refused(reason: string): MailAccess {
  return { kind: "refused", reason };
}

function finish(session: MailSession, user: string, access: MailAccess): LoginResult {
  const { platform, protocol } = session;
  const result = struck(session, user, access) ?? access;
  platform.requests.record({
    place: protocol,
    what: "login",
    outcome: outcomeOf(result),
    // A user name may be anything, even a password in the wrong field: only known ones are kept.
    ...(platform.mail.find(user) ? { mailbox: user.trim().toLowerCase() } : {}),
  });
  return result;
}

/** What a fault makes of the login; undefined where none strikes. */
function struck(session: MailSession, user: string, access: MailAccess): LoginResult | undefined {
  const turns = verbatimReply(session, "authenticate", user);
  if (turns) return { kind: "reply", turns };
  const where = { place: session.protocol, mailbox: user };
  const fault = LOGIN_FAULTS.find(
    (id) => hasSwitch(session, id) && session.platform.faults.strikes(id, where),
  );
  return fault && { kind: "fault", fault, access };
}

/** The switch of an organisation is Exchange's. */
function hasSwitch({ flavour }: MailSession, fault: string): boolean {
  return flavour === "exchange" || !fault.startsWith("smtp_auth_disabled");
}

function outcomeOf(result: LoginResult): string {
  if (result.kind === "fault") return result.fault;
  if (result.kind === "reply") return "reply";
  return result.kind === "granted" ? "granted" : `${result.kind}: ${result.reason}`;
}
