import type { HttpsReply } from "@/lib/egress/https";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { parseJson } from "@/lib/kernel/text/parse-json";

const SAFE_LENGTH = 512;

export type FailureDetails = {
  status?: number;
  error?: string;
  /** Hints for people: Microsoft says that programs must not depend on AADSTS numbers. */
  errorCodes?: number[];
  description?: string;
  correlationId?: string;
  traceId?: string;
  timestamp?: string;
  networkCode?: string;
};

export function supportText({ details }: { details: FailureDetails }): string {
  const { correlationId, traceId, timestamp } = details;
  const ids = [
    traceId && `Trace ID: ${traceId}`,
    correlationId && `Correlation ID: ${correlationId}`,
    timestamp && `Timestamp: ${timestamp}`,
  ]
    .filter(Boolean)
    .join(" ");
  const known = saidOf(details);
  if (ids === "" || known.includes(ids)) return known;
  return `${known.slice(0, SAFE_LENGTH - ids.length - 1)} ${ids}`.trim();
}

/** An answer that is not the platform's shows only its status. */
function saidOf({ description, networkCode, error, errorCodes, status }: FailureDetails): string {
  // Without a number, the protocol's word can be looked up.
  if (description !== undefined && error && errorCodes?.length === 0)
    return `${error}: ${description}`.slice(0, SAFE_LENGTH);
  if (description !== undefined) return description;
  // MALFORMED is our own word.
  if (networkCode !== undefined && !networkCode.startsWith("MALFORMED")) return networkCode;
  return [status === undefined ? "" : `HTTP status ${status}`, error].filter(Boolean).join(", ");
}

export function readTrace(description: string): Partial<FailureDetails> {
  const value = (name: string, pattern: string) =>
    new RegExp(`${name}: (${pattern})`, "i").exec(description.slice(-SAFE_LENGTH))?.[1];
  const known = {
    traceId: value("Trace ID", "[0-9a-f-]{36}"),
    correlationId: value("Correlation ID", "[0-9a-f-]{36}"),
    timestamp: value("Timestamp", "\\d{4}-\\d\\d-\\d\\d[ T][\\d:.]+Z"),
  };
  return Object.fromEntries(Object.entries(known).filter(([, found]) => found !== undefined));
}

export function readDetails({ status, body, sent = [] }: HttpsReply): FailureDetails {
  const json: Record<string, unknown> = Object(parseJson(body));
  const text = (name: string) =>
    typeof json[name] === "string" ? foreignText(json[name], { secrets: sent }) : undefined;
  const codes = Array.isArray(json.error_codes) ? json.error_codes : [];
  const known = {
    error: text("error"),
    description: text("error_description"),
    correlationId: text("correlation_id"),
    traceId: text("trace_id"),
    timestamp: text("timestamp"),
  };
  return {
    status,
    errorCodes: codes.filter(isAadstsNumber).slice(0, 5),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

function isAadstsNumber(code: unknown): code is number {
  return Number.isInteger(code) && Number(code) > 0 && Number(code) < 100_000_000;
}
