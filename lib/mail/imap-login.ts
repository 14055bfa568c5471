import { ImapFlow, type ImapFlowOptions, type Logger } from "imapflow";
import type { MailCredential } from "./credential";
import { ServerRefusal } from "./probe-failure";
import { requirePlainText } from "./xoauth2";

/** Its lines are short enough for every server. */
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

  /** The goodbye if it came first, else the last refusal. */
  reasonOf(error: unknown): unknown {
    return this.#goodbye ?? this.#heard.refusal ?? error;
  }

  /** The only public step between capabilities and login. */
  override async upgradeToSTARTTLS(): Promise<boolean> {
    const isSecured = await super.upgradeToSTARTTLS();
    keepLineShort(this, this.#credential);
    return isSecured;
  }
}

type Heard = { refusal?: ServerRefusal | undefined; isBad?: boolean };

/** Exchange Online gives its reason in a BAD before BYE, which ImapFlow tells only its log. */
function lastRefusal(heard: Heard): SelectiveLogger {
  const ignore = () => {};
  const debug = ({ src, msg }: { src?: unknown; msg?: unknown }) => {
    if (src !== "s" || typeof msg !== "string" || !heard.isBad) return;
    heard.isBad = false;
    heard.refusal = new ServerRefusal(msg);
  };
  // ImapFlow emits the reply before it logs it.
  const isLevelEnabled = (level: string) => level === "debug" && heard.isBad === true;
  return { debug, info: ignore, warn: ignore, error: ignore, isLevelEnabled };
}

/** ImapFlow formats lines again for a log that takes entries. */
export type SelectiveLogger = Logger & { isLevelEnabled(level: string): boolean };

/** RFC 9051 §7.1 */
export function isRefusal(response: string): boolean {
  return response === "NO" || response === "BAD";
}

/** An untagged BYE tells why (RFC 9051 §7.1.5); the refusal after it does not. */
export function goodbyeBefore({ byeReason }: Pick<ImapFlow, "byeReason">) {
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

/** RFC 7162 §4: octets with CRLF */
const MAX_LINE_OCTETS = 8_192;

/** `A1 AUTHENTICATE OAUTHBEARER ` and the fields around a token. */
const AROUND_TOKEN_OCTETS = 768;

/** Two steps as without SASL-IR (RFC 4959 §3). Call once capabilities are known. */
export function keepLineShort(
  { capabilities }: Pick<ImapFlow, "capabilities">,
  credential: MailCredential,
): void {
  if (credential.kind !== "xoauth2") return;
  const inBase64 = Math.ceil((credential.accessToken.length * 4) / 3);
  if (inBase64 + AROUND_TOKEN_OCTETS > MAX_LINE_OCTETS) capabilities.delete("SASL-IR");
}
