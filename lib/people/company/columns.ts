import { isAllowedHost, saysInside } from "@/lib/egress/allowed-hosts";
import { placeOfUrl } from "@/lib/egress/policy";
import { fieldError } from "@/lib/kernel/errors";
import { pick } from "@/lib/kernel/pick";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { companyEgress, listSignInClouds } from "@/lib/oauth/openid/send";
import { ROLES } from "../roles/schema";
import { type CreateCompanySignIn, SAME_IN_ROW } from "./schema";

/** What a form says, as the row has it. @throws AppError unprocessable on `issuer` or `cloud` */
export function toColumns(input: CreateCompanySignIn) {
  return {
    ...pick(input, SAME_IN_ROW),
    ...companyOf(input),
    roleValues: pick(input, ROLES),
    defaultRole: input.defaultRole || null,
    requiredAmr: input.requiredAmr || null,
  };
}

function companyOf({ preset, cloud, tenantId, domains, issuer }: CreateCompanySignIn) {
  const { people } = PRESET_FACTS[preset];
  switch (people.field) {
    case "tenantId":
      return { cloud, issuer: people.issuerOf(authorityOf(cloud), tenantId), pinned: [tenantId] };
    case "domains":
      return { cloud: null, issuer: people.issuer, pinned: domains };
    case "issuer":
      requireOutside(issuer);
      return { cloud: null, issuer, pinned: [] };
    default:
      throw new Error(`Unhandled field ${people satisfies never}`);
  }
}

function authorityOf(cloud: string): string {
  const found = listSignInClouds().find(({ id }) => id === cloud);
  if (!found) throw fieldError("cloud", "Choose the cloud.");
  return found.authority;
}

function requireOutside(issuer: string): void {
  if (isAllowedHost(placeOfUrl(new URL(issuer)), companyEgress())) return;
  throw fieldError("issuer", saysInside());
}
