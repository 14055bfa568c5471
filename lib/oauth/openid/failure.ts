import type { ErrorCode } from "@/lib/kernel/errors";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { CataloguedFailure } from "@/lib/remedies/app-error";

export type OpenIdRemedy =
  | "unreachable"
  | "address_refused"
  | "certificate"
  | "no_discovery"
  | "issuer_differs"
  | "client_refused"
  | "code_refused"
  | "refused"
  | "answer_foreign"
  | "token_invalid"
  | "clock_wrong"
  | "person_gone"
  | "sign_in_expired"
  | "too_many";

const PASSING: ReadonlySet<OpenIdRemedy> = new Set(["unreachable", "too_many"]);

export class OpenIdFailure extends CataloguedFailure {
  override readonly name = "OpenIdFailure";
  readonly remedyId: string;
  readonly isPassing: boolean;
  readonly refusal: ErrorCode = "access_denied";
  readonly told = "";
  readonly detail: string;

  constructor(remedy: OpenIdRemedy, detail: string, options?: ErrorOptions) {
    super(`company.${remedy}`, options);
    this.remedyId = `company.${remedy}`;
    this.isPassing = PASSING.has(remedy);
    this.detail = foreignText(detail, { maxLength: 300 });
  }
}
