import { isRead } from "@/lib/kernel/actor";
import { ERROR_CODES, type ErrorCode, httpStatus } from "@/lib/kernel/errors";
import { type AnyOperation, takesIdempotencyKey } from "./operation";

export const TOKEN_ERRORS = [
  ...(["invalid_client", "invalid_grant", "interaction_required", "conflict"] as const),
  "unprocessable",
] as const satisfies readonly ErrorCode[];

const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  invalid_request: "The request can't be read. `detail` says at which place.",
  invalid_client: "The identity platform doesn't accept the application's credential.",
  invalid_grant: "The identity platform no longer accepts the sign-in.",
  unauthorized_client: "The application may not do this at the identity platform.",
  invalid_scope: "The identity platform doesn't grant the permissions for mail.",
  unauthenticated: "There is no API key, or it is not valid.",
  access_denied: "The key lacks the permission, or comes from an address that it is not for.",
  proof_required: "A person has to confirm who they are. Programs are never asked.",
  not_found: "What the path names does not exist, or the key doesn't reach it.",
  conflict: "Something else has the value already, or the same request is in progress.",
  stale: "Someone changed it in the meantime. Read it again, and repeat the change.",
  interaction_required: "A person has to sign in, or to repair something first.",
  precondition_failed: "`If-Match` names another version than the stored one.",
  payload_too_large: "The body is too long, or has too many values.",
  unsupported_media_type: "The body has another Content-Type than the operation takes.",
  unprocessable: "Fields are not valid. `fields` has the messages of each.",
  locked: "Postkey is read-only until its encryption key is back.",
  too_many_requests: "The key's limit is used up. `Retry-After` has the seconds to wait.",
  internal_error: "Something is wrong in Postkey. Its log says more.",
  temporarily_unavailable:
    "The database, a platform or a server is not responding. Try again later.",
};

const ALWAYS: readonly ErrorCode[] = [
  ...(["invalid_request", "unauthenticated", "access_denied", "too_many_requests"] as const),
  ...(["unprocessable", "internal_error", "temporarily_unavailable"] as const),
];

/** In order of status. */
export function errorCodesOf(operation: AnyOperation): ErrorCode[] {
  const { params, body, permission, errors = [] } = operation;
  const codes = new Set<ErrorCode>([...ALWAYS, ...errors]);
  if (params) codes.add("not_found");
  if (body) codes.add("payload_too_large").add("unsupported_media_type");
  if (operation.isVersioned) codes.add("precondition_failed");
  if (takesIdempotencyKey(operation)) codes.add("conflict");
  if (permission !== null && !isRead(permission)) codes.add("locked");
  return ERROR_CODES.filter((code) => codes.has(code));
}

export function errorResponses(operation: AnyOperation): Record<string, unknown> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(operation)) {
    const status = httpStatus(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: codes.map((code) => `\`${code}\`: ${MEANINGS[code]}`).join("\n\n"), content },
    ]),
  );
}
