import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import type { Finding } from "@/lib/oauth/schema";
import type { Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { redirectUri } from "../redirect-uri";
import { remedyContext } from "../remedy-context";

import { openRegistration } from "../store";
import type { PreflightFinding } from "./schema";

/**
 * Checks a provider as it is stored, with requests that change nothing and sign no one in.
 * @throws AppError not_found, locked
 */
export async function preflight(
  actor: Actor,
  cloudProviderId: string,
): Promise<PreflightFinding[]> {
  requirePermission(actor, "providers:write");
  return inspect(await openRegistration(cloudProviderId));
}

async function inspect(registration: Registration): Promise<PreflightFinding[]> {
  const uri = redirectUri(registration.service);
  const findings = await serviceOf(registration).inspect(registration, uri);
  const { cloud, clientId, tenantId } = registration;
  const context = remedyContext({ cloud: cloud.id, clientId, tenantId, redirectUri: uri });
  return findings.map((finding) => {
    const { subject, verdict, remedyId } = finding;
    const remedy = remedyId === undefined ? null : fillRemedy(findRemedy(remedyId), context);
    return { subject, verdict, remedy, otherCloud: otherCloud(finding) };
  });
}

const REGIONS: Readonly<Record<string, string>> = { DOD: "dod", DODCON: "gcc-high" };

/** The configured cloud that a tenant is really in, by name. */
function otherCloud({ elsewhere }: Finding): string | null {
  if (!elsewhere) return null;
  const there = configuredClouds().filter(
    ({ authority }) => new URL(authority).origin === elsewhere.authority,
  );
  const exact = there.find(({ id }) => id === REGIONS[elsewhere.regionScope]);
  return (exact ?? there[0])?.label ?? elsewhere.authority;
}
