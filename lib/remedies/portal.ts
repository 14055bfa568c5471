import { MICROSOFT } from "./services";

const APP = "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~";
const ENTERPRISE_APP = "Microsoft_AAD_IAM/ManagedAppMenuBlade/~";

function page<L extends string>(label: L, blade: string) {
  return { label, url: `{portal}/{tenantId}/#view/${blade}`, of: MICROSOFT };
}

function inExchange<L extends string>(label: L, path: string) {
  return { label, url: `{exchange}/#/${path}`, of: MICROSOFT };
}

export const REGISTRATION = {
  authentication: page("Authentication page", `${APP}/Authentication/appId/{clientId}`),
  secrets: page("Certificates & secrets page", `${APP}/Credentials/appId/{clientId}`),
  permissions: page("API permissions page", `${APP}/CallAnAPI/appId/{clientId}`),
  overview: page("App registration", `${APP}/Overview/appId/{clientId}`),
} as const;

export const ENTERPRISE = {
  properties: page(
    "Properties of the application",
    `${ENTERPRISE_APP}/Properties/appId/{clientId}`,
  ),
  users: page("Users and groups of the application", `${ENTERPRISE_APP}/Users/appId/{clientId}`),
  consent: page("Permissions of the application", `${ENTERPRISE_APP}/Permissions/appId/{clientId}`),
  overview: page("Enterprise application", `${ENTERPRISE_APP}/Overview/appId/{clientId}`),
} as const;

export const EXCHANGE = {
  mailboxes: inExchange("Mailboxes in the Exchange admin center", "mailboxes"),
  settings: inExchange("Settings of the Exchange admin center", "settings"),
} as const;

export const TENANT = {
  signIns: page("Sign-in log", "Microsoft_AAD_IAM/SignInEventsV3Blade"),
  policies: page(
    "Conditional Access policies",
    "Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
  ),
  users: page("Users", "Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers"),
  riskyUsers: page("Risky users", "Microsoft_AAD_IAM/IdentityProtectionMenuBlade/~/RiskyUsers"),
  crossTenant: page(
    "Cross-tenant access settings",
    "Microsoft_AAD_IAM/CompanyRelationshipsMenuBlade/~/CrossTenantAccessSettings",
  ),
} as const;
