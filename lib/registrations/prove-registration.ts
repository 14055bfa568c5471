import "server-only";
import { wallTime } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { OAuthFailure } from "@/lib/oauth/oauth-failure";
import type { Credential, Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { findRemedy } from "@/lib/remedies/catalogue";
import { endPause } from "./pauses/store";
import type { Grant } from "./schema";

/** Which field of a form a refusal of the token endpoint is about. */
const FIELD_BY_REMEDY: Readonly<Record<string, string>> = {
  AADSTS700016: "clientId",
  AADSTS700011: "clientId",
  AADSTS70001: "clientId",
  AADSTS7000112: "clientId",
  AADSTS90002: "tenantId",
  AADSTS90023: "tenantId",
  AADSTS90038: "cloud",
  "egress.private_address": "hosts.authority",
  "postkey.machine_token_elsewhere": "hosts.authority",
};

/**
 * Lets the token endpoint say whether it takes a credential. When it does, it has answered: what it had
 * asked to wait for is over.
 * @throws OAuthFailure only for what concerns the client itself, or when there was no answer
 */
export async function proveCredential(registration: Registration): Promise<void> {
  await serviceOf(registration).proveCredential(registration);
  const { cloud, tenantId, clientId } = registration;
  await endPause({ authority: cloud.authority, tenantId, clientId });
}

/** What passes by itself, and is no silence of the platform: the form says it. */
const OF_THIS_MACHINE = new Set([
  "postkey.token_file_unreadable",
  "postkey.managed_identity_unreachable",
]);

/**
 * Asks the token endpoint whether the credential works.
 *
 * @param field where the form shows what is wrong with the credential itself
 * @returns when it was proved, or null when the platform could not be asked now
 * @throws AppError unprocessable with the field that is wrong and the remedy
 */
export async function proveRegistration(
  registration: Registration & { grant: Grant },
  field: string,
): Promise<Date | null> {
  requireCredentialKind(registration, registration.credential.kind);
  try {
    await proveCredential(registration);
    return wallTime();
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    log.warn(
      { remedyId: error.remedyId, clientId: registration.clientId },
      "credential not proved",
    );
    if (error.kind === "retry" && !OF_THIS_MACHINE.has(error.remedyId)) return null;
    throw refusedField(error, field);
  }
}

/** What the platform says to a certificate that was not uploaded yet. */
export const UNKNOWN_CERTIFICATE = "AADSTS700027";

export function unknownCertificate(cause: unknown): AppError {
  return new AppError(
    "unprocessable",
    "The identity platform does not know this certificate yet. Upload it there first. It can take a minute to be known everywhere.",
    { cause, remedyId: UNKNOWN_CERTIFICATE },
  );
}

/**
 * Asks with a certificate that the platform cannot know yet: where that is all that it refuses,
 * tenant and application are right.
 *
 * @returns null: it is to be proved later
 * @throws AppError unprocessable with the field that is wrong and the remedy
 */
export async function proveUnknownCertificate(
  registration: Registration & { grant: Grant },
): Promise<Date | null> {
  try {
    return await proveRegistration(registration, "credential.bits");
  } catch (error) {
    if (error instanceof AppError && error.remedyId === UNKNOWN_CERTIFICATE) return null;
    throw error;
  }
}

/**
 * @throws AppError unprocessable when the platform knows no credential of this kind, or none for the
 *   way in which mailboxes sign in
 */
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

/** Whether the token endpoint takes the credential now; an endpoint that does not answer proves nothing. */
export async function isProved(registration: Registration): Promise<boolean> {
  try {
    await proveCredential(registration);
    return true;
  } catch (error) {
    if (error instanceof OAuthFailure) return false;
    throw error;
  }
}

function refusedField(failure: OAuthFailure, ownField: string): AppError {
  const { title, steps } = findRemedy(failure.remedyId);
  const field = FIELD_BY_REMEDY[failure.remedyId] ?? ownField;
  const message = `${title} (${failure.remedyId})`;
  return new AppError("unprocessable", message, {
    cause: failure,
    remedyId: failure.remedyId,
    fields: { [field]: [[message, steps[0]].filter(Boolean).join(" ")] },
  });
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of a tenant that was given as that, or as one of its verified domains.
 * @throws AppError unprocessable on the field `tenantId`
 */
export async function resolveTenantId({
  service,
  cloud,
  tenantId: tenant,
}: Pick<Registration, "service" | "cloud" | "tenantId">): Promise<string> {
  if (GUID.test(tenant)) return tenant;
  const found = await serviceOf({ service })
    .resolveTenant(cloud, tenant)
    .catch(() => undefined);
  if (found !== null && found !== undefined) return found;
  const message =
    found === null
      ? `${cloud.label} knows no tenant with the domain ${tenant}. Check the spelling and the cloud, or paste the Directory (tenant) ID.`
      : `The id of ${tenant} could not be looked up now. Paste the Directory (tenant) ID instead.`;
  throw new AppError("unprocessable", message, { fields: { tenantId: [message] } });
}
