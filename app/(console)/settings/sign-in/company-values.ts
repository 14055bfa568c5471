import { FIRST_PRESET } from "@/lib/oauth/openid/presets/table";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import type { CompanySignInDetail } from "@/lib/people/company/queries";
import type { CompanySignInValues } from "@/lib/people/company/schema";

export const EMPTY_VALUES: CompanySignInValues = {
  preset: FIRST_PRESET,
  name: "",
  cloud: "global",
  tenantId: "",
  domains: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  roleClaim: PRESET_FACTS[FIRST_PRESET].roleClaim,
  administrator: "",
  operator: "",
  auditor: "",
  viewer: "",
  defaultRole: "",
  createsPeople: true,
  requiredAmr: "",
  sessionHours: 8,
  rechecks: false,
  endsAtCompany: false,
};

export function valuesOf(detail: CompanySignInDetail): CompanySignInValues {
  const { preset, name, clientId, roleClaim, roleValues, createsPeople, sessionHours } = detail;
  const { pinned, rechecks, endsAtCompany } = detail;
  const { field } = PRESET_FACTS[preset].people;
  const lines = (values: readonly string[]) => values.join("\n");
  return {
    preset,
    name,
    cloud: detail.cloud ?? EMPTY_VALUES.cloud,
    tenantId: field === "tenantId" ? (pinned[0] ?? "") : "",
    domains: field === "domains" ? pinned.join(", ") : "",
    issuer: field === "issuer" ? detail.issuer : "",
    clientId,
    clientSecret: "",
    roleClaim,
    administrator: lines(roleValues.administrator),
    operator: lines(roleValues.operator),
    auditor: lines(roleValues.auditor),
    viewer: lines(roleValues.viewer),
    defaultRole: detail.defaultRole ?? "",
    createsPeople,
    requiredAmr: detail.requiredAmr ?? "",
    sessionHours,
    rechecks,
    endsAtCompany,
  };
}
