import { isAllowedHost } from "@/lib/egress/allowed-hosts";
import { placeOf } from "@/lib/egress/policy";
import { fieldError } from "@/lib/kernel/errors";
import { listSignInClouds } from "@/lib/oauth/openid/entra-clouds";
import { entraIssuer, WORKSPACE_ISSUER } from "@/lib/oauth/openid/schema";
import { companyEgress } from "@/lib/oauth/openid/send";
import type { CreateCompanySignIn } from "./schema";

/** What a form says, as the row has it. @throws AppError unprocessable on `issuer` or `cloud` */
export function toColumns(input: CreateCompanySignIn) {
  const { preset, name, clientId, roleClaim, createsPeople, sessionHours, rechecks } = input;
  const { administrator, operator, auditor, viewer, endsAtCompany } = input;
  const isEntra = preset === "entra";
  return {
    preset,
    name,
    cloud: isEntra ? input.cloud : null,
    issuer: issuerOf(input),
    clientId,
    pinned: pinnedOf(input),
    roleClaim,
    roleValues: { administrator, operator, auditor, viewer },
    defaultRole: input.defaultRole || null,
    createsPeople,
    requiredAmr: input.requiredAmr || null,
    sessionHours,
    rechecks,
    endsAtCompany,
  };
}

function pinnedOf({ preset, tenantId, domains }: CreateCompanySignIn): string[] {
  if (preset === "entra") return [tenantId];
  return preset === "workspace" ? domains : [];
}

function issuerOf({ preset, cloud, tenantId, issuer }: CreateCompanySignIn): string {
  if (preset === "workspace") return WORKSPACE_ISSUER;
  if (preset !== "entra") {
    if (!isAllowedHost(placeOf(new URL(issuer)), companyEgress()))
      throw fieldError(
        "issuer",
        "This is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.",
      );
    return issuer;
  }
  const found = listSignInClouds().find(({ id }) => id === cloud);
  if (!found) throw fieldError("cloud", "Choose the cloud.");
  return entraIssuer(found.authority, tenantId);
}
