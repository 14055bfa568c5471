import { ImapFlow, type ImapFlowOptions, type Logger } from "imapflow";
import type { MailCredential } from "./credential";
import { ServerRefusal } from "./probe-failure";
import { requirePlainText } from "./xoauth2";

/** ImapFlow that signs in by itself, with lines that every server takes. */
export class SignInClient extends ImapFlow {
  readonly #credential: MailCredential;
  readonly #heard: Heard;
  #goodbye: ServerRefusal | undefined;

  /** @throws ProbeFailure `mail.invalid_credential` */
  constructor(options: Omit<ImapFlowOptions, "logger">, credential: MailCredential) {
    const heard: Heard = {};
    super({ ...options, auth: imapAuth(credential), logger: lastRefusal(heard) });
    this.#credential = credential;
    this.#heard = heard;
    this.on("response", ({ response }) => {
      heard.refusal = undefined;
      heard.isBad = response.toUpperCase() === "BAD";
      if (isRefusal(response)) this.#goodbye ??= goodbyeBefore(this);
    });
  }

  /**
   * Why a command failed: what the server said goodbye with, where it did that first, or the refusal that
   * came before the connection ended.
   */
  reasonOf(error: unknown): unknown {
    return this.#goodbye ?? this.#heard.refusal ?? error;
  }

  /** The one public step between the capabilities and the login. */
  override async upgradeToSTARTTLS(): Promise<boolean> {
    const isSecured = await super.upgradeToSTARTTLS();
    keepLineShort(this, this.#credential);
    return isSecured;
  }
}

type Heard = { refusal?: ServerRefusal | undefined; isBad?: boolean };

/**
 * Keeps the last tagged reply where it is a BAD. Exchange Online gives its reason in one and says goodbye in
 * the same breath, which is all that ImapFlow's errors tell; its log has every line. Nothing is logged: what
 * a server says may be anything.
 */
function lastRefusal(heard: Heard): SelectiveLogger {
  const ignore = () => {};
  const debug = ({ src, msg }: { src?: unknown; msg?: unknown }) => {
    if (src !== "s" || typeof msg !== "string" || !heard.isBad) return;
    heard.isBad = false;
    heard.refusal = new ServerRefusal(msg);
  };
  // ImapFlow tells of a reply by its event, and then writes it down.
  const isLevelEnabled = (level: string) => level === "debug" && heard.isBad === true;
  return { debug, info: ignore, warn: ignore, error: ignore, isLevelEnabled };
}

/** ImapFlow writes down every line once more for a level of its log that takes entries. */
export type SelectiveLogger = Logger & { isLevelEnabled(level: string): boolean };

/** A tagged reply that a command failed with (RFC 9051 §7.1). */
export function isRefusal(response: string): boolean {
  return response === "NO" || response === "BAD";
}

/**
 * What the server said goodbye with before the reply that has just arrived. An untagged BYE tells why
 * the server ends the session (RFC 9051 §7.1.5); the refusal of the command behind it tells nothing.
 */
export function goodbyeBefore({
  byeReason,
}: Pick<ImapFlow, "byeReason">): ServerRefusal | undefined {
  return byeReason === undefined ? undefined : new ServerRefusal(`* BYE ${byeReason}`);
}

/** @throws ProbeFailure `mail.invalid_credential` */
export function imapAuth(credential: MailCredential): NonNullable<ImapFlowOptions["auth"]> {
  const { user } = credential;
  if (credential.kind === "password") {
    requirePlainText(user, credential.password);
    return { user, pass: credential.password };
  }
  requirePlainText(user, credential.accessToken);
  return { user, accessToken: credential.accessToken };
}

/** RFC 7162 §4: the longest line that a client sends and a server takes, in octets with CRLF. */
const MAX_LINE_OCTETS = 8_192;

/** `A1 AUTHENTICATE OAUTHBEARER ` and the fields around a token: more than they ever take. */
const AROUND_TOKEN_OCTETS = 768;

/**
 * Has a token that makes the line of AUTHENTICATE too long sent in two steps, as if the server did
 * not have SASL-IR (RFC 4959 §3). To be called when the capabilities are known.
 */
export function keepLineShort(
  { capabilities }: Pick<ImapFlow, "capabilities">,
  credential: MailCredential,
): void {
  if (credential.kind !== "xoauth2") return;
  const inBase64 = Math.ceil((credential.accessToken.length * 4) / 3);
  if (inBase64 + AROUND_TOKEN_OCTETS > MAX_LINE_OCTETS) capabilities.delete("SASL-IR");
}
