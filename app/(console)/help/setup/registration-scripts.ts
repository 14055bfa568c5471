import type { Grant } from "@/lib/oauth/schema";

export type Registration = {
  tenant: string;
  cloud: MicrosoftCloudId;
  grant: Extract<Grant, "delegated" | "app_only">;
  redirectUri: string;
  secretExpiresOn: string;
};

/** As Azure CLI, Microsoft Graph PowerShell and Terraform's azuread call them. */
const CLOUD_NAMES = {
  global: { az: "AzureCloud", graph: "Global", terraform: "global" },
  "gcc-high": { az: "AzureUSGovernment", graph: "USGov", terraform: "usgovernmentl4" },
  dod: { az: "AzureUSGovernment", graph: "USGovDoD", terraform: "usgovernmentl5" },
  china: { az: "AzureChinaCloud", graph: "China", terraform: "china" },
} as const;

export type MicrosoftCloudId = keyof typeof CLOUD_NAMES;

export function isMicrosoftCloud(id: string): id is MicrosoftCloudId {
  return Object.hasOwn(CLOUD_NAMES, id);
}

/** From "Microsoft Graph permissions reference". */
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const DELEGATED_IDS = {
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  "IMAP.AccessAsUser.All": "652390e4-393a-48de-9484-05f9b1212954",
  "POP.AccessAsUser.All": "d7b7f2d9-0f45-4ea1-9d42-e50810c06991",
  "SMTP.Send": "258f6531-6087-4cc4-bb90-092c5fb3ed3f",
} as const;
export const DELEGATED_PERMISSIONS = Object.keys(DELEGATED_IDS).join(" ");

/** Looked up by name at run time: the tenant's list counts, and Microsoft's reference is incomplete. */
const EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000";
const APPLICATION_NAMES = ["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"] as const;
export const APPLICATION_PERMISSIONS = APPLICATION_NAMES.join(" ");

export function registrationScripts(registration: Registration) {
  return [
    { label: "Azure CLI", text: azureCli(registration) },
    { label: "PowerShell", text: powerShell(registration) },
    { label: "Terraform", text: terraform(registration) },
  ];
}

const sh = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
const ps = (value: string) => `'${value.replaceAll("'", "''")}'`;
/** HCL begins an expression with `${`, and writes the two characters themselves as `$${`. */
const hcl = (value: string) => JSON.stringify(value).replace(/\$(?=\{)/g, () => "$$");

function azureCli({ tenant, cloud, grant, redirectUri, secretExpiresOn }: Registration): string {
  return `set -eu
az cloud set --name ${CLOUD_NAMES[cloud].az}
az login --tenant ${sh(tenant)} --allow-no-subscriptions --output none
app=$(az ad app create --display-name Postkey --sign-in-audience AzureADMyOrg \\
  --web-redirect-uris ${sh(redirectUri)} --query appId --output tsv)
principal=$(az ad sp create --id "$app" --query id --output tsv)
${grant === "delegated" ? azDelegated() : azApplication()}
# Consent for the whole organisation. If you may not give it, an administrator can later.
az ad app permission admin-consent --id "$app"
secret=$(az ad app credential reset --id "$app" --append --display-name Postkey \\
  --end-date ${secretExpiresOn} --query password --output tsv)
echo "Application Id: $app"
echo "Tenant Id:      $(az account show --query tenantId --output tsv)"
echo "Client Secret:  $secret"${grant === "app_only" ? '\necho "Object Id of the Enterprise application: $principal"' : ""}`;
}

function azDelegated(): string {
  const scopes = Object.values(DELEGATED_IDS).map((id) => `${id}=Scope`);
  return `az ad app permission add --id "$app" --api ${GRAPH_APP_ID} --api-permissions \\
  ${scopes.join(" \\\n  ")}`;
}

function azApplication(): string {
  return `for name in ${APPLICATION_NAMES.join(" ")}; do
  role=$(az ad sp show --id ${EXCHANGE_APP_ID} \\
    --query "appRoles[?value=='$name'].id | [0]" --output tsv)
  az ad app permission add --id "$app" --api ${EXCHANGE_APP_ID} --api-permissions "$role=Role"
done`;
}

function powerShell(registration: Registration): string {
  const { tenant, cloud, grant, redirectUri, secretExpiresOn } = registration;
  return `Connect-MgGraph -NoWelcome -TenantId ${ps(tenant)} -Environment ${CLOUD_NAMES[cloud].graph} \`
  -Scopes Application.ReadWrite.All, ${grant === "delegated" ? "DelegatedPermissionGrant.ReadWrite.All" : "AppRoleAssignment.ReadWrite.All"}
${grant === "delegated" ? psDelegated() : psApplication()}
$app = New-MgApplication -DisplayName Postkey -SignInAudience AzureADMyOrg \`
  -Web @{ RedirectUris = @(${ps(redirectUri)}) } -RequiredResourceAccess @($access)
$principal = New-MgServicePrincipal -AppId $app.AppId
# Consent for the whole organisation. If you may not give it, an administrator can later.
${grant === "delegated" ? psDelegatedConsent() : psApplicationConsent()}
$secret = Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{
  DisplayName = 'Postkey'; EndDateTime = [datetime]'${secretExpiresOn}T00:00:00Z' }
[pscustomobject]@{
  'Application Id' = $app.AppId
  'Tenant Id' = (Get-MgContext).TenantId
  'Client Secret' = $secret.SecretText${grant === "app_only" ? "\n  'Object Id of the Enterprise application' = $principal.Id" : ""}
} | Format-List`;
}

function psDelegated(): string {
  const scopes = Object.values(DELEGATED_IDS).map((id) => `  @{ Id = '${id}'; Type = 'Scope' }`);
  return `$access = @{ ResourceAppId = '${GRAPH_APP_ID}'; ResourceAccess = @(
${scopes.join("\n")}) }`;
}

function psDelegatedConsent(): string {
  return `$graph = Get-MgServicePrincipal -Filter "appId eq '${GRAPH_APP_ID}'"
New-MgOauth2PermissionGrant -ClientId $principal.Id -ConsentType AllPrincipals \`
  -ResourceId $graph.Id -Scope '${DELEGATED_PERMISSIONS}' | Out-Null`;
}

function psApplication(): string {
  return `$exchange = Get-MgServicePrincipal -Filter "appId eq '${EXCHANGE_APP_ID}'"
$roles = $exchange.AppRoles | Where-Object Value -in ${APPLICATION_NAMES.map(ps).join(", ")}
$access = @{ ResourceAppId = '${EXCHANGE_APP_ID}'; ResourceAccess = @(
  $roles | ForEach-Object { @{ Id = $_.Id; Type = 'Role' } }) }`;
}

function psApplicationConsent(): string {
  return `foreach ($role in $roles) {
  New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id \`
    -PrincipalId $principal.Id -ResourceId $exchange.Id -AppRoleId $role.Id | Out-Null
}`;
}

function terraform(registration: Registration): string {
  const { tenant, cloud, grant, redirectUri, secretExpiresOn } = registration;
  return `terraform {
  required_providers {
    azuread = { source = "hashicorp/azuread", version = "~> 3.0" }
  }
}

provider "azuread" {
  tenant_id   = ${hcl(tenant)}
  environment = "${CLOUD_NAMES[cloud].terraform}"
}

data "azuread_service_principal" "api" {
  client_id = "${grant === "delegated" ? GRAPH_APP_ID : EXCHANGE_APP_ID}"
}

resource "azuread_application" "postkey" {
  display_name     = "Postkey"
  sign_in_audience = "AzureADMyOrg"
  web {
    redirect_uris = [${hcl(redirectUri)}]
  }
  required_resource_access {
    resource_app_id = data.azuread_service_principal.api.client_id
${grant === "delegated" ? tfDelegated() : tfApplication()}
  }
}

resource "azuread_service_principal" "postkey" {
  client_id = azuread_application.postkey.client_id
}

# Consent for the whole organisation. If you may not give it, an administrator can later.
${grant === "delegated" ? tfDelegatedConsent() : tfApplicationConsent()}

resource "azuread_application_password" "postkey" {
  application_id = azuread_application.postkey.id
  display_name   = "Postkey"
  end_date       = "${secretExpiresOn}T00:00:00Z"
}

output "application_id" { value = azuread_application.postkey.client_id }
output "tenant_id" { value = ${hcl(tenant)} }
output "client_secret" {
  value     = azuread_application_password.postkey.value
  sensitive = true
}${grant === "app_only" ? '\noutput "enterprise_application_object_id" { value = azuread_service_principal.postkey.object_id }' : ""}`;
}

function tfDelegated(): string {
  return Object.values(DELEGATED_IDS)
    .map((id) => `    resource_access {\n      id   = "${id}"\n      type = "Scope"\n    }`)
    .join("\n");
}

function tfDelegatedConsent(): string {
  const scopes = Object.keys(DELEGATED_IDS).map(hcl);
  return `resource "azuread_service_principal_delegated_permission_grant" "postkey" {
  service_principal_object_id          = azuread_service_principal.postkey.object_id
  resource_service_principal_object_id = data.azuread_service_principal.api.object_id
  claim_values = [${scopes.join(", ")}]
}`;
}

function tfApplication(): string {
  return `    dynamic "resource_access" {
      for_each = [${APPLICATION_NAMES.map(hcl).join(", ")}]
      content {
        id   = data.azuread_service_principal.api.app_role_ids[resource_access.value]
        type = "Role"
      }
    }`;
}

function tfApplicationConsent(): string {
  return `resource "azuread_app_role_assignment" "postkey" {
  for_each            = toset([${APPLICATION_NAMES.map(hcl).join(", ")}])
  app_role_id         = data.azuread_service_principal.api.app_role_ids[each.value]
  principal_object_id = azuread_service_principal.postkey.object_id
  resource_object_id  = data.azuread_service_principal.api.object_id
}`;
}

export function mailboxScript(): string {
  return `Connect-ExchangeOnline
$application = Read-Host 'Application (client) ID'
$principal = Read-Host 'Object ID of the Enterprise application'
New-ServicePrincipal -AppId $application -ObjectId $principal -DisplayName 'Postkey'
# For each mailbox:
$mailbox = Read-Host 'Address of the mailbox'
Add-MailboxPermission -Identity $mailbox -User $principal -AccessRights FullAccess
Add-RecipientPermission -Identity $mailbox -Trustee $principal -AccessRights SendAs -Confirm:$false`;
}
