import { z } from "zod";
import { protocolSchema } from "@/lib/egress/schema";
import * as is from "@/lib/kernel/answers/schema";

/** Of each device, and of all that cannot be told apart together. */
export const KEPT_ATTEMPTS = 50;

type Meaning = { label: string; advice: string; tone: "good" | "bad" };

const bad = (label: string, advice: string): Meaning => ({ label, advice, tone: "bad" });

export const OUTCOMES = {
  ok: { label: "Signed in", advice: "The device is connected.", tone: "good" },
  wrong_password: bad(
    "Wrong password",
    "Type the password again. It has 32 letters and digits, and no letter i, l, o or u.",
  ),
  wrong_user: bad(
    "Wrong user name",
    "The password is this device's, but the user name is not. Enter the user name shown on this page. If this is another device, create a password of its own for it.",
  ),
  guessing: bad(
    "Too many wrong passwords",
    "Wrong passwords keep coming from this address. Postkey answers them slowly, and may close the address to devices that never signed in from there for 10 minutes. Find the device with the old password.",
  ),
  revoked: bad("Revoked", "Someone revoked this device. Create a new one."),
  expired: bad("Expired", "This device has expired. Edit it and choose a later day."),
  paused: bad("Paused", "This device is paused. Resume it to let it sign in."),
  network_refused: bad(
    "Address not allowed",
    "The device connects from an address that is not on its list. Edit the device to allow this address.",
  ),
  protocol_refused: bad(
    "Protocol not allowed",
    "This device may not use this protocol. Edit it to allow the protocol, or choose another one in its settings.",
  ),
  plaintext: bad(
    "Not encrypted",
    "The device tried to send its password without encryption. Turn on TLS (SSL) or STARTTLS in its settings.",
  ),
  tls_untrusted: bad(
    "Certificate not trusted",
    "The device does not trust Postkey's certificate. Install the certificate of the local authority on it.",
  ),
  tls_too_old: bad(
    "TLS too old",
    "The device knows only TLS 1.0 or 1.1. Update its firmware, or let the operator open a listener with oldTls to its network.",
  ),
  tls_not_spoken: bad(
    "No TLS",
    "The device connected without TLS to a port that needs it. Choose SSL/TLS in its settings, or use the port for STARTTLS.",
  ),
  tls_at_once: bad(
    "TLS too early",
    "The device began TLS at once, at a port where it has to ask by STARTTLS. Choose STARTTLS in its settings, or use the port for SSL/TLS.",
  ),
  tls_failed: bad(
    "TLS failed",
    "The encrypted connection could not be established. Check the encryption settings of the device.",
  ),
  tls_unused: bad(
    "Hung up after TLS",
    "The encrypted connection was established and ended without a login. The device may not trust Postkey's certificate: install the certificate of the local authority on it.",
  ),
  account_inactive: bad("Account inactive", "The email account is inactive. Activate it."),
  sign_in_lapsed: bad("Account must sign in again", "Sign in the email account again."),
  registration_broken: bad(
    "Cloud provider needs attention",
    "The identity platform refuses the app registration. Open the cloud provider to fix it.",
  ),
  locked: bad("Postkey is locked", "Postkey can't open its secrets now. See the banner."),
  platform_away: bad(
    "Sign-in service not responding",
    "The identity platform is not responding. The device can retry in a minute.",
  ),
  server_unreachable: bad(
    "Mail server not ready",
    "The account's mail server can't be reached, or serves no one at the moment. The device can retry in a minute.",
  ),
  server_certificate: bad(
    "Mail server not trusted",
    "The certificate of the account's mail server is not valid.",
  ),
  no_server: bad(
    "No server for this protocol",
    "The email account has no mail server for this protocol. Enter it in the account, or choose another protocol in the device's settings.",
  ),
  server_refused: bad(
    "Mail server refused the account",
    "The account's mail server refused to sign it in, or to open its mailbox.",
  ),
  busy: bad(
    "Too many connections",
    "The device has too many connections open. It can retry when one ends.",
  ),
  stopping: bad("The gateway restarts", "The device can retry in a minute."),
  message_refused: bad(
    "Message refused",
    "A message was refused with the reply shown here. The device got the same reply.",
  ),
  message_unknown: bad(
    "Outcome unknown",
    "A message may have been sent, or not. The device got the reply shown here, and does not send it again by itself.",
  ),
  too_fast: bad(
    "Too fast",
    "Postkey held a message back, so that the mailbox is not throttled. Devices that keep their mail send it again later.",
  ),
  sender_refused: bad(
    "Sender not allowed",
    "The device sent from an address that is not on its list. Edit the device to allow it, or enter the allowed sender in its settings. For failure notices (MAIL FROM:<>), edit the device and turn on Replace the From address under Advanced.",
  ),
  slowed_down: bad("Slowed down", "The account's server refused it lately. Postkey waits."),
} as const satisfies Record<string, Meaning>;

export type Outcome = keyof typeof OUTCOMES;

export const attemptSchema = z.object({
  id: is.id,
  at: is.time.describe("When it happened."),
  protocol: protocolSchema,
  address: is.text.describe("The network address that it came from."),
  client: is.maybeText.describe("The name that the device gives itself."),
  tlsVersion: is.maybeText,
  outcome: z
    .enum(Object.keys(OUTCOMES) as [Outcome, ...Outcome[]])
    .describe("The result of the sign-in."),
  remedyId: is.maybeText.describe("An entry of the error catalogue."),
  reply: is.maybeText.describe("The mail server's own words about a refused message."),
});
export type AttemptRow = z.input<typeof attemptSchema>;

export type NewAttempt = Omit<AttemptRow, "id" | "at" | "reply"> & {
  reply?: string;
  /** Null where it cannot be told which device it was. */
  device: { id: string; name: string } | null;
};
