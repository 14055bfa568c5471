import type { Route } from "next";
import type { Grant, ServiceId } from "@/lib/oauth/schema";
import type { RegistrationValues } from "./service-fields";

export type FormVariant = {
  type: { value: RegistrationValues["type"]; label: string };
  seldom: { hasAccountTypes: boolean; hasOwnHosts: boolean } | null;
  advancedHint: string;
  idLabels: { clientId: string; tenantId: string };
  secretHint: string;
  redirectHint: string;
  guide: { notYet: string; href: (grant: Grant) => Route };
};

export const FORM_VARIANTS: Readonly<Record<ServiceId, FormVariant>> = {
  microsoft_azure: {
    type: { value: "outlook365", label: "Outlook365" },
    seldom: { hasAccountTypes: true, hasOwnHosts: true },
    advancedHint: "Cloud, account types, how mailboxes sign in, kind of credential, hosts",
    idLabels: { clientId: "Application Id", tenantId: "Tenant Id" },
    secretHint: "The secret's Value, which is shown once; not the Secret ID.",
    redirectHint:
      "Add it to the app registration: Authentication, platform Web. Every character counts.",
    guide: { notYet: "No app registration", href: () => "/help/setup" },
  },
  google: {
    type: { value: "gmail", label: "Gmail" },
    seldom: null,
    advancedHint: "Cloud",
    idLabels: { clientId: "Client Id", tenantId: "Workspace domain" },
    secretHint: "From the same OAuth client. Google shows it only once.",
    redirectHint: "Add it to the OAuth client's Authorised redirect URIs. Every character counts.",
    guide: {
      notYet: "No project at Google",
      href: (grant) =>
        `/help/setup/google?way=${grant === "domain_wide" ? "domain_wide" : "delegated"}`,
    },
  },
};
