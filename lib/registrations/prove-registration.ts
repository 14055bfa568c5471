import { wallTime } from "@/lib/kernel/clock";
import type { Destination } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import type { Credential, Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { asAppError } from "@/lib/remedies/app-error";
import { endPause } from "./pauses/store";
import type { Grant } from "./schema";

const FIELD_BY_REMEDY: Readonly<Record<string, string>> = {
  "egress.private_address": "hosts.authority",
  "postkey.platform_port_refused": "hosts.authority",
  "postkey.machine_token_elsewhere": "hosts.authority",
};

/** Not exported, so nothing else passes for one: what is put in use was tried in this file. */
class TriedCredential<ProvedAt extends Date | null> {
  readonly credential: Credential;
  /** Of the registration that it was tried for: it is sealed for no other. */
  readonly destination: Destination;
  /** Why it could not be proved yet: an id of the error catalogue. */
  readonly proofFailureId: string | null;
  readonly #provedAt: ProvedAt;

  constructor(candidate: Candidate, provedAt: ProvedAt, proofFailureId: string | null = null) {
    this.credential = candidate.credential;
    this.destination = candidate.destination;
    this.proofFailureId = proofFailureId;
    this.#provedAt = provedAt;
  }

  get provedAt(): ProvedAt {
    return this.#provedAt;
  }
}

export type ProvedCredential = TriedCredential<Date>;

/** One that is proved, or cannot be before the platform knows it or answers: null until then. */
export type AdmittedCredential = TriedCredential<Date | null>;

type Candidate = Registration & { destination: Destination };

/** An accepted credential is an answer: it ends a pause. @throws OAuthFailure */
export async function prove(candidate: Candidate): Promise<ProvedCredential> {
  await serviceOf(candidate).proveCredential(candidate);
  const { cloud, tenantId, clientId } = candidate;
  await endPause({ authority: cloud.authority, tenantId, clientId });
  return new TriedCredential(candidate, wallTime());
}

/** Passing faults of this machine, which the form reports. */
const OF_THIS_MACHINE = new Set([
  "postkey.token_file_unreadable",
  "postkey.managed_identity_unreachable",
]);

/** A platform that cannot be asked now is no reason to refuse. @throws AppError on `field` */
export async function proveOrAdmit(
  candidate: Candidate & { grant: Grant },
  field: string,
): Promise<AdmittedCredential> {
  const tried = await proveOrFail(candidate, field);
  if (!(tried instanceof OAuthFailure)) return tried;
  return new TriedCredential(candidate, null, tried.remedyId);
}

/** Nothing changes while the platform cannot be asked. @throws AppError on `field` */
export async function proveNow(
  candidate: Candidate & { grant: Grant },
  field: string,
): Promise<ProvedCredential> {
  const tried = await proveOrFail(candidate, field);
  if (tried instanceof OAuthFailure) throw notProvedNow(tried);
  return tried;
}

/** @returns why it could not be proved, where that passes @throws AppError as proveOrAdmit */
async function proveOrFail(candidate: Candidate & { grant: Grant }, field: string) {
  requireCredentialKind(candidate, candidate.credential.kind);
  try {
    return await prove(candidate);
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    log.warn({ remedyId: error.remedyId, clientId: candidate.clientId }, "credential not proved");
    if (error.kind === "retry" && !OF_THIS_MACHINE.has(error.remedyId)) return error;
    const { fields } = serviceOf(candidate).refusals;
    const refused = fields[error.remedyId] ?? FIELD_BY_REMEDY[error.remedyId] ?? field;
    throw asAppError(error, { code: "unprocessable", field: refused });
  }
}

export function isProved(tried: AdmittedCredential): tried is ProvedCredential {
  return tried.provedAt !== null;
}

export function notProvedNow(failure: OAuthFailure): unknown {
  return asAppError(failure, { note: NOT_PROVED });
}

const NOT_PROVED = "The credential could not be proved, and nothing was changed. Try again later.";

export function isUnknownCertificate(
  registration: Pick<Registration, "service">,
  error: unknown,
): error is AppError | OAuthFailure {
  const { unknownCertificate } = serviceOf(registration).refusals;
  const isRefusal = error instanceof AppError || error instanceof OAuthFailure;
  return isRefusal && error.remedyId !== undefined && error.remedyId === unknownCertificate;
}

export function unknownCertificate(cause: AppError | OAuthFailure): AppError {
  return new AppError(
    "unprocessable",
    "The identity platform does not know this certificate yet. Upload it there first. A new certificate can take a minute to work everywhere.",
    { cause, ...(cause.remedyId !== undefined && { remedyId: cause.remedyId }) },
  );
}

/** If the certificate is all that the platform refuses, tenant and application are right. */
export async function admitUnknownCertificate(
  candidate: Candidate & { grant: Grant },
): Promise<AdmittedCredential> {
  try {
    return await proveOrAdmit(candidate, "credential.bits");
  } catch (error) {
    if (!isUnknownCertificate(candidate, error)) throw error;
    return new TriedCredential(candidate, null, error.remedyId);
  }
}

/** @throws AppError unprocessable if the platform or the grant takes no such credential */
export function requireCredentialKind(
  registration: Pick<Registration, "service"> & { grant: Grant },
  kind: Credential["kind"],
): void {
  const isOfAccount = registration.grant === "domain_wide";
  const isKnown = serviceOf(registration).credentialKinds.includes(kind);
  if (isKnown && (kind === "service_account") === isOfAccount) return;
  const message = isOfAccount
    ? "A service account opens these mailboxes: its key is the only credential."
    : "This platform takes no credential of this kind. Use a client secret.";
  throw new AppError("unprocessable", message);
}

/** @returns null when the token endpoint does not take it now; one that does not answer proves nothing */
export async function proveIfTaken(candidate: Candidate): Promise<ProvedCredential | null> {
  try {
    return await prove(candidate);
  } catch (error) {
    if (error instanceof OAuthFailure) return null;
    throw error;
  }
}
