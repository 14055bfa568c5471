import type { Socket } from "node:net";
import type { Outcome } from "@/lib/devices/attempts/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { SECOND_MS } from "@/lib/kernel/clock";
import type { Listener } from "@/lib/kernel/listeners";
import { countUp } from "@/lib/kernel/metrics/counters";
import { counted } from "@/lib/kernel/text/schema";

type Said = {
  /** RFC 5530 */
  imap: string;
  /** RFC 2449, RFC 3206 */
  pop3: string;
  /** RFC 4954 §6 */
  smtp: string;
  text: string;
  /** Another login on this connection is useless. */
  ends?: true;
};

const wrong = (text: string): Said => ({
  imap: "AUTHENTICATIONFAILED",
  pop3: "AUTH",
  smtp: "535 5.7.8",
  text,
});

/** Temporary in SMTP: the password is right, and a queue must wait rather than bounce. */
const repair = (text: string): Said => ({
  imap: "CONTACTADMIN",
  pop3: "SYS/PERM",
  smtp: "454 4.7.0",
  text,
});

const passing = (text: string): Said => ({
  imap: "UNAVAILABLE",
  pop3: "SYS/TEMP",
  smtp: "454 4.7.0",
  text,
});

/** 535 would mean a wrong password and bounce at once. */
const forbidden = (text: string): Said => ({ ...repair(text), imap: "AUTHORIZATIONFAILED" });

const WRONG = wrong("The user name or password is wrong.");
const UNENCRYPTED = "Turn on TLS before you log in.";

const SAID: Readonly<Record<Exclude<Outcome, "ok">, Said>> = {
  // None tells which part is wrong, or that a device exists.
  wrong_password: WRONG,
  wrong_user: WRONG,
  // Even with the right password, so a queue must wait rather than bounce.
  guessing: {
    ...passing("Too many wrong passwords from your address. Try again later."),
    ends: true,
  },
  revoked: WRONG,
  expired: { ...wrong("The password of this device has expired."), imap: "EXPIRED" },
  network_refused: forbidden(
    "The password is right, but this device may not connect from your address. Ask your administrator.",
  ),
  protocol_refused: forbidden(
    "The password is right, but this device may not use this protocol. Ask your administrator.",
  ),
  plaintext: { imap: "PRIVACYREQUIRED", pop3: "AUTH", smtp: "538 5.7.11", text: UNENCRYPTED },
  paused: repair("This device is paused. Ask your administrator."),
  account_inactive: repair("The email account is inactive. Ask your administrator."),
  sign_in_lapsed: repair("The email account must sign in again. Ask your administrator."),
  registration_broken: repair("The cloud provider needs attention. Ask your administrator."),
  server_certificate: repair(
    "The connection to the mail server can't be secured. Ask your administrator.",
  ),
  no_server: repair(
    "The email account has no mail server for this protocol. Ask your administrator.",
  ),
  server_refused: repair("The mail server refused the email account. Ask your administrator."),
  locked: passing("Postkey can't log this device in now. Try again later."),
  platform_away: passing("The sign-in service is not responding. Try again later."),
  server_unreachable: passing("The mail server is not responding. Try again later."),
  slowed_down: {
    imap: "LIMIT",
    pop3: "LOGIN-DELAY",
    smtp: "454 4.7.0",
    text: "The mail server refused the email account lately. Try again later.",
  },
  busy: {
    imap: "LIMIT",
    pop3: "IN-USE",
    smtp: "421 4.7.0",
    text: "Too many connections. Try again later.",
    ends: true,
  },
  stopping: {
    imap: "UNAVAILABLE",
    pop3: "SYS/TEMP",
    smtp: "421 4.3.2",
    text: "The gateway is about to stop. Try again later.",
    ends: true,
  },
  // For messages, not logins.
  message_refused: passing("The mail server refused a message."),
  message_unknown: passing("It is not known whether a message was sent."),
  too_fast: passing("Too many messages in a short time."),
  sender_refused: forbidden("This device may not send from this address."),
  tls_untrusted: wrong(UNENCRYPTED),
  tls_too_old: wrong(UNENCRYPTED),
  tls_not_spoken: wrong(UNENCRYPTED),
  tls_at_once: wrong(UNENCRYPTED),
  tls_failed: wrong(UNENCRYPTED),
  tls_unused: wrong(UNENCRYPTED),
};

export type Refusal = Exclude<Outcome, "ok">;

export type Details = { serverCode?: string | undefined; restSeconds?: number | undefined };

/** `NO [CODE] text`, `-ERR [CODE] text` or `535 5.7.8 text`. */
export function refusalText(refusal: Refusal, protocol: Protocol, details: Details = {}): string {
  const { imap, pop3, smtp, text: usual } = SAID[refusal];
  const { serverCode, restSeconds } = details;
  const text =
    restSeconds === undefined
      ? usual
      : usual.replace("Try again later.", `Try again in ${counted(restSeconds, "second")}.`);
  if (protocol === "imap") return `NO [${imap}] ${text}`;
  if (protocol === "pop3") return `-ERR [${pop3}] ${text}`;
  return serverCode === undefined ? `${smtp} ${text}` : `${smtp} ${text} (${serverCode})`;
}

export function endsConnection(refusal: Refusal): boolean {
  return SAID[refusal].ends === true;
}

const tryLater = (why: string): Readonly<Record<Protocol, string>> => ({
  imap: `* BYE [UNAVAILABLE] ${why} Try again later.\r\n`,
  pop3: `-ERR [SYS/TEMP] ${why} Try again later.\r\n`,
  smtp: `421 4.3.2 ${why} Try again later.\r\n`,
});

export const STOPPING = tryLater("The gateway is about to stop.");

const FULL = tryLater("Too many devices are connected.");

/** For networks that the listener's `from` excludes. */
const NOT_SERVED: Readonly<Record<Protocol, string>> = {
  imap: "* BYE This server does not serve your address.\r\n",
  pop3: "-ERR [SYS/PERM] This server does not serve your address.\r\n",
  smtp: "554 5.7.1 This server does not serve your address.\r\n",
};

/** Temporary: the device has logged in, and a queue tries again. */
export function putOffText(refusal: Refusal, details?: Details): string {
  return refusalText(refusal, "smtp", details).replace(/^\d{3} \d\.\d\.\d{1,2}/, "451 4.7.0");
}

const TOLD = { full: FULL, not_served: NOT_SERVED, stopping: STOPPING };

export function turnAway(socket: Socket, listener: Listener, reason: "full" | "not_served"): void {
  tellOff(socket, listener, reason);
  socket.setTimeout(SECOND_MS, () => socket.destroy());
  socket.destroySoon();
}

/** Implicit TLS leaves nothing to say it in. */
export function tellOff(socket: Socket, listener: Listener, reason: keyof typeof TOLD): void {
  countRefused(listener, reason);
  if (listener.tls === "starttls") socket.write(TOLD[reason][listener.protocol]);
}

export function countRefused(
  { protocol }: Listener,
  reason: keyof typeof TOLD | "guessing" | "crowded",
): void {
  countUp("postkey_device_connections_refused_total", { protocol, reason });
}
