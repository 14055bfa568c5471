import { randomUUID } from "node:crypto";
import { json, type WebResponse } from "../http";
import type { Platform } from "../platform";
import { ERROR_TEXTS, ERRORS, type OAuthErrorCode } from "./error-catalogue";

interface IdentityErrorDetails {
  /** Values for the `{names}` in the catalogue's text. */
  values?: Record<string, string>;
  /** Where the protocol has its own word for it, whatever the number. */
  error?: OAuthErrorCode;
  status?: number;
  retryAfterSeconds?: number;
}

/** A refusal that carries an AADSTS number; the catalogue knows the rest. */
export class IdentityError extends Error {
  readonly number: number;
  readonly details: IdentityErrorDetails;

  constructor(number: number, details: IdentityErrorDetails = {}) {
    super(errorText(number, details.values ?? {}));
    this.number = number;
    this.details = details;
  }
}

/** The OAuth `error` that Microsoft sends with this number. */
export function oauthErrorOf(number: number): OAuthErrorCode {
  return ERRORS[number]?.error ?? "invalid_grant";
}

/** `AADSTS…` with the trace that Microsoft's support asks for. */
export function describeError(error: IdentityError) {
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const trace = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  const description = `AADSTS${error.number}: ${error.message} ${trace}`;
  return { description, timestamp, traceId, correlationId };
}

/** The body of a refused token request, field for field as Microsoft sends it. */
export function errorResponse({ authority }: Platform, error: IdentityError): WebResponse {
  const shape = ERRORS[error.number];
  const described = describeError(error);
  const retryAfter = error.details.retryAfterSeconds;
  return json(
    error.details.status ?? shape?.status ?? 400,
    {
      error: error.details.error ?? oauthErrorOf(error.number),
      error_description: described.description,
      error_codes: [error.number],
      timestamp: described.timestamp,
      trace_id: described.traceId,
      correlation_id: described.correlationId,
      error_uri: `${authority}/error?code=${error.number}`,
      ...(shape?.suberror ? { suberror: shape.suberror } : {}),
    },
    {
      "cache-control": "no-store, no-cache",
      pragma: "no-cache",
      "x-ms-request-id": described.traceId,
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    },
  );
}

function errorText(number: number, values: Record<string, string>): string {
  const text = ERROR_TEXTS[number] ?? "The request was refused (raised by the sandbox).";
  return text.replace(/\{(\w+)\}/g, (_match, name: string) => values[name] ?? name);
}
