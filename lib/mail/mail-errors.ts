import { z } from "zod";
import { EgressRefusal } from "@/lib/egress/policy";
import { AppError, isRetryable } from "@/lib/kernel/errors";
import { foreignError } from "@/lib/kernel/text/foreign-text";
import { type MailRemedyId, mailFailure, ProbeFailure, ServerRefusal } from "./probe-failure";
import { refusalRemedy } from "./refusals";
import type { MailFailure, MailStage } from "./schema";
import type { FailureContext } from "./stage-order";
import { safeServerText, withoutTag } from "./text";

const REFUSED = {
  PORT_REFUSED: "egress.port_refused",
  PRIVATE_ADDRESS: "egress.private_address",
} as const;

/** By class and code; by Microsoft's text only where there is no other signal (`refusals.ts`). */
export function classifyMailError(error: unknown, context: FailureContext): MailFailure {
  const { serverText, code, ...failure } = meaningOf(error, context);
  const { secrets = [] } = context;
  return {
    ...failure,
    ...(serverText !== undefined && { serverText: safeServerText(serverText, secrets) }),
    ...(code !== undefined && { code: safeServerText(code, secrets) }),
  };
}

/** The cause is kept without what the server may have repeated. */
export function asProbeFailure(error: unknown, context: FailureContext): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  const cause = foreignError(error, { secrets: context.secrets ?? [] });
  const { stage } = context;
  return new ProbeFailure(classifyMailError(error, context), { cause, stage });
}

function meaningOf(error: unknown, context: FailureContext): MailFailure {
  if (error instanceof ProbeFailure) return error.failure;
  if (error instanceof AppError) return fromAppError(error);
  if (error instanceof EgressRefusal) return mailFailure(REFUSED[error.code]);
  if (error instanceof ServerRefusal) return fromReply(error.reply, context);
  const wire = wireErrorSchema.safeParse(error);
  if (!wire.success) return mailFailure("postkey.unexpected");
  return fromWire(wire.data, context);
}

// Fields of imapflow, nodemailer and Node.
const wireErrorSchema = z.object({
  code: z.string().optional().catch(undefined),
  /** nodemailer moves Node's code here. */
  originalCode: z.string().optional().catch(undefined),
  /** nodemailer's reply, imapflow's compiled response. */
  response: z.string().optional().catch(undefined),
  /** imapflow: tagged status and text */
  responseStatus: z.string().optional().catch(undefined),
  responseText: z.string().optional().catch(undefined),
  /** imapflow: reason of a BYE */
  reason: z.string().optional().catch(undefined),
});

type WireError = z.infer<typeof wireErrorSchema>;

function fromAppError(error: AppError): MailFailure {
  return {
    remedyId: error.remedyId ?? "postkey.unexpected",
    retryable: isRetryable(error.code),
    code: error.code,
  };
}

function fromReply(reply: string, context: FailureContext): MailFailure {
  const { remedyId, code } = refusalRemedy(reply, context);
  const serverText = safeServerText(withoutTag(reply, context.protocol), context.secrets);
  return mailFailure(remedyId, {
    ...(serverText === "" ? {} : { serverText }),
    ...(code === undefined ? {} : { code }),
  });
}

function fromWire(wire: WireError, context: FailureContext): MailFailure {
  const code = wire.originalCode ?? wire.code ?? "";
  const remedyId = codeRemedy(code, context.stage);
  const reply = serverWords(wire, remedyId);
  if (reply !== undefined) return fromReply(reply, context);
  return mailFailure(remedyId, code === "" ? {} : { code });
}

function serverWords(wire: WireError, byCode: MailRemedyId): string | undefined {
  const { responseStatus, responseText, response, reason } = wire;
  if (responseStatus !== undefined) return response ?? `${responseStatus} ${responseText ?? ""}`;
  if (response !== undefined && response !== "") return response;
  // OpenSSL has `reason` too; imapflow's comes with a lost connection.
  return reason !== undefined && byCode === "mail.connection_lost" ? `* BYE ${reason}` : undefined;
}

/** Node (libuv, c-ares, OpenSSL), imapflow, nodemailer */
const BY_CODE: Record<string, MailRemedyId> = {
  ENOTFOUND: "dns.not_found",
  ENODATA: "dns.not_found",
  EAI_AGAIN: "dns.temporary",
  ESERVFAIL: "dns.temporary",
  EAI_FAIL: "dns.temporary",
  ECONNREFUSED: "tcp.refused",
  ETIMEDOUT: "tcp.timeout",
  EHOSTUNREACH: "tcp.unreachable",
  ENETUNREACH: "tcp.unreachable",
  EADDRNOTAVAIL: "tcp.unreachable",
  EACCES: "tcp.unreachable",
  EPERM: "tcp.unreachable",

  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls.untrusted_issuer",
  UNABLE_TO_GET_ISSUER_CERT: "tls.untrusted_issuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls.untrusted_issuer",
  SELF_SIGNED_CERT_IN_CHAIN: "tls.untrusted_issuer",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls.untrusted_issuer",
  CERT_UNTRUSTED: "tls.untrusted_issuer",
  CERT_SIGNATURE_FAILURE: "tls.untrusted_issuer",
  INVALID_CA: "tls.untrusted_issuer",
  INVALID_PURPOSE: "tls.untrusted_issuer",
  CERT_REVOKED: "tls.untrusted_issuer",
  CERT_HAS_EXPIRED: "tls.expired",
  CERT_NOT_YET_VALID: "tls.not_yet_valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls.wrong_name",
  HOSTNAME_MISMATCH: "tls.wrong_name",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls.not_spoken",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "tls.not_spoken",
  ERR_SSL_HTTP_REQUEST: "tls.not_spoken",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "tls.too_old",
  ERR_SSL_VERSION_TOO_LOW: "tls.too_old",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "tls.too_old",
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: "tls.too_old",

  LineTooLarge: "mail.flood",
  LiteralTooLarge: "mail.flood",
  ResponseTooLarge: "mail.flood",
  TooManyTokens: "mail.flood",
  TooManyResponses: "mail.flood",
  ETHROTTLE: "mail.throttled",
  NoConnection: "mail.connection_lost",
  EConnectionClosed: "mail.connection_lost",
  StateLogout: "mail.connection_lost",
  ClosedAfterConnectTLS: "mail.connection_lost",
  ClosedAfterConnectText: "mail.connection_lost",
  ECONNECTION: "mail.connection_lost",
  GREETING_TIMEOUT: "mail.no_greeting",
  NotFound: "imap.mailbox_refused",
  UnexpectedTag: "mail.protocol_error",
  MissingTag: "mail.protocol_error",
  InvalidResponse: "mail.protocol_error",
  EPROTOCOL: "mail.flood", // nodemailer: with a reply it is a refusal, without one a reply too long
};

export function remedyOfCode(code: string): MailRemedyId | undefined {
  return Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
}

/** Before TLS, failures concern the way to the server. */
const ON_THE_WAY: ReadonlySet<MailStage> = new Set(["connect", "tls"]);
const LOST = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ESOCKET", "ERR_STREAM_DESTROYED"]);

function codeRemedy(code: string, stage: MailStage): MailRemedyId {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (LOST.has(code)) return ON_THE_WAY.has(stage) ? "tls.interrupted" : "mail.connection_lost";
  if (code.startsWith("ERR_SSL_") || code === "EPROTO") return "tls.handshake_failed";
  if (code.startsWith("ParserError")) return "mail.protocol_error";
  return "postkey.unexpected";
}
