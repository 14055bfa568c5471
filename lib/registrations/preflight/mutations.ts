import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import type { Finding } from "@/lib/oauth/schema";
import { serviceOf } from "@/lib/oauth/services";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { proveCredentialInUse } from "../change-credential";
import { saveRefusal } from "../credentials/mutations";
import { isDoubted } from "../credentials/queries";
import { redirectUri } from "../redirect-uri";
import { remedyContext } from "../remedy-context";
import { type PreflightFinding, providerUseSchema } from "../schema";
import { type OpenedRegistration, openRegistration } from "../store";

/** Changes nothing at the platform and signs no one in. Findings become the provider's state. */
export const preflight = command({
  input: providerUseSchema,
  permission: "authorizations:write",
  async act(actor, { cloudProviderId }): Promise<PreflightFinding[]> {
    const registration = await openRegistration(cloudProviderId);
    const uri = redirectUri(registration.service);
    const findings = await serviceOf(registration).inspect(registration, uri);
    await keepRedirect(registration, findings);
    const refusal = refusalIn(findings);
    const isRight = findings.some((each) => each.subject === "credential" && each.verdict === "ok");
    if (refusal) await saveRefusal(actor, registration, refusal);
    else if (isRight && (await isDoubted(cloudProviderId)))
      await proveCredentialInUse(actor, { cloudProviderId }).catch(unlessRefused);
    return explain({ ...registration, redirectUri: uri }, findings);
  },
});

/** Null if it is right. No browser comes back where no one signs in with it. */
async function keepRedirect(
  { cloudProviderId: id, providerVersion: version, grant }: OpenedRegistration,
  findings: Finding[],
): Promise<void> {
  const found = findings.find(({ subject }) => subject === "redirect_uri");
  if (!found || found.verdict === "unknown" || grant !== "delegated") return;
  const redirectFailureId = found.remedyId ?? null;
  const isOther = redirectFailureId
    ? { OR: [{ redirectFailureId: null }, { redirectFailureId: { not: redirectFailureId } }] }
    : { redirectFailureId: { not: null } };
  await db().$transaction(async (tx) => {
    const { count } = await tx.cloudProvider.updateMany({
      where: { id, version, ...isOther },
      data: { redirectFailureId },
    });
    if (count > 0) await publish(tx, { type: "cloud_provider", id });
  });
}

/** What stops the registration as a whole; a redirect URI stops new sign-ins alone. */
function refusalIn(findings: Finding[]): string | undefined {
  const [wrong] = findings.filter(
    ({ subject, verdict }) => verdict === "wrong" && subject !== "redirect_uri",
  );
  return wrong?.remedyId;
}

/** It was right a moment ago: whatever came in between, the next check tells. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}

function explain(registration: OpenedRegistration, findings: Finding[]): PreflightFinding[] {
  const { cloud, clientId, tenantId, redirectUri: uri, cloudProviderId, grant } = registration;
  const provider = { id: cloudProviderId, grant, credentialKind: registration.credential.kind };
  const context = {
    ...remedyContext({ cloud: cloud.id, clientId, tenantId, redirectUri: uri }),
    object: { provider },
    once: "press",
  } as const;
  return findings.map((finding) => {
    const { subject, verdict, remedyId } = finding;
    const remedy = remedyId === undefined ? null : fillRemedy(findRemedy(remedyId), context);
    return { subject, verdict, remedy, otherCloud: otherCloud(finding) };
  });
}

const REGIONS: Readonly<Record<string, string>> = { DOD: "dod", DODCON: "gcc-high" };

function otherCloud({ elsewhere }: Finding): string | null {
  if (!elsewhere) return null;
  const there = configuredClouds().filter(
    ({ authority }) => new URL(authority).origin === elsewhere.authority,
  );
  const exact = there.find(({ id }) => id === REGIONS[elsewhere.regionScope]);
  return (exact ?? there[0])?.label ?? elsewhere.authority;
}
