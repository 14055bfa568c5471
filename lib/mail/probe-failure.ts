import { CataloguedFailure } from "@/lib/remedies/app-error";
import { type MailRemedyId, mailFailure } from "./mail-failures";
import type { MailFailure, MailStage } from "./schema";

/** A failure whose catalogue entry is already known where it happens. */
export class ProbeFailure extends CataloguedFailure {
  override readonly name = "ProbeFailure";
  readonly failure: MailFailure;
  readonly refusal = "conflict";
  /** Where it happened, if that is known. */
  readonly stage: MailStage | undefined;

  constructor(failure: MailFailure, options: ErrorOptions & { stage?: MailStage } = {}) {
    super(failure.remedyId, options);
    this.failure = failure;
    this.stage = options.stage;
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

/** What the server said no with. `mail-errors.ts` turns it into a failure. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  /** The whole reply as it came; to be shown only through `safeServerText`. */
  readonly reply: string;

  constructor(reply: string) {
    super("The server refused a command");
    this.reply = reply;
  }
}
