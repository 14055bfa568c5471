import { CataloguedFailure } from "@/lib/remedies/app-error";
import { findRemedy } from "@/lib/remedies/catalogue";
import type { MailRemedyId as OfServers } from "@/lib/remedies/mail";
import type { MailFailure, MailStage } from "./schema";

export type MailRemedyId = OfServers | "postkey.aborted" | "postkey.unexpected";

export function mailFailure(
  remedyId: MailRemedyId,
  { serverText, code }: Pick<MailFailure, "serverText" | "code"> = {},
): MailFailure {
  return {
    remedyId,
    retryable: findRemedy(remedyId).retry === "yes",
    ...(serverText !== undefined && { serverText }),
    ...(code !== undefined && { code }),
  };
}

type Options = ErrorOptions & { stage?: MailStage; retryAfterMs?: number | undefined };

export class ProbeFailure extends CataloguedFailure {
  override readonly name = "ProbeFailure";
  readonly failure: MailFailure;
  readonly refusal = "conflict";
  readonly stage: MailStage | undefined;
  override readonly retryAfterMs: number | undefined;

  constructor(failure: MailFailure, options: Options = {}) {
    super(failure.remedyId, options);
    this.failure = failure;
    this.stage = options.stage;
    this.retryAfterMs = options.retryAfterMs;
  }

  get remedyId(): string {
    return this.failure.remedyId;
  }

  get isPassing(): boolean {
    return this.failure.retryable;
  }

  get told(): string {
    const { serverText } = this.failure;
    return serverText ? `The server said: ${serverText}` : "";
  }
}

export function probeFailure(
  remedyId: MailRemedyId,
  facts?: Pick<MailFailure, "serverText" | "code">,
): ProbeFailure {
  return new ProbeFailure(mailFailure(remedyId, facts));
}

/** `mail-errors.ts` classifies it. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  /** Raw: show it only through `safeServerText`. */
  readonly reply: string;

  constructor(reply: string) {
    super("The server refused a command");
    this.reply = reply;
  }
}
