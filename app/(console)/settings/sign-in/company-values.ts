import type { CompanySignInDetail, CompanySignInValues } from "@/lib/access/company/schema";

export const EMPTY_VALUES: CompanySignInValues = {
  preset: "entra",
  name: "",
  cloud: "global",
  tenantId: "",
  domains: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  roleClaim: "roles",
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

/** What a form that edits begins with. */
export function valuesOf(detail: CompanySignInDetail): CompanySignInValues {
  const { preset, name, clientId, roleClaim, roleValues, createsPeople, sessionHours } = detail;
  const { pinned, rechecks, endsAtCompany } = detail;
  const lines = (values: readonly string[]) => values.join("\n");
  return {
    preset,
    name,
    cloud: detail.cloud ?? EMPTY_VALUES.cloud,
    tenantId: preset === "entra" ? (pinned[0] ?? "") : "",
    domains: preset === "workspace" ? pinned.join(", ") : "",
    issuer: preset === "entra" || preset === "workspace" ? "" : detail.issuer,
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
