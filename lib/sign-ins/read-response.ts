import type { AppError } from "@/lib/kernel/errors";
import { refusedBy } from "@/lib/remedies/app-error";
import { type AuthorizationResponse, authorizationResponseSchema } from "./schema";

const READ = [
  "state",
  "code",
  "error",
  "error_description",
  "iss",
  "admin_consent",
  "tenant",
] as const;

/**
 * The parameters of an authorization response; others are ignored. RFC 6749 §3.1: none may come twice.
 * @throws AppError invalid_request
 */
export function readAuthorizationResponse(parameters: URLSearchParams): AuthorizationResponse {
  const entries = READ.flatMap((name) => {
    const value = parameters.get(name);
    return value === null || (value === "" && name !== "state") ? [] : [[name, value]];
  });
  if (!parameters.has("state")) throw refused("callback.state_missing");
  const isRepeated = READ.some((name) => parameters.getAll(name).length > 1);
  const parsed = authorizationResponseSchema.safeParse(Object.fromEntries(entries));
  if (isRepeated || !parsed.success) throw refused("callback.state_unknown");
  // Exactly one of them: what says several, or nothing, is no answer and ends no sign-in.
  const { code, error, admin_consent: consent } = parsed.data;
  // A refusal of the page for administrators names the consent beside the error.
  const answers = error === undefined ? [code, consent] : [error, code];
  if (answers.filter((answer) => answer !== undefined).length !== 1)
    throw refused("callback.code_missing");
  return parsed.data;
}

function refused(remedyId: string): AppError {
  return refusedBy(remedyId, "invalid_request");
}
