/** Microsoft Graph and its delegated permissions by id ("Microsoft Graph permissions reference"). */
const GRAPH = "00000003-0000-0000-c000-000000000000";
const SCOPES = {
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  "IMAP.AccessAsUser.All": "652390e4-393a-48de-9484-05f9b1212954",
  "POP.AccessAsUser.All": "d7b7f2d9-0f45-4ea1-9d42-e50810c06991",
  "SMTP.Send": "258f6531-6087-4cc4-bb90-092c5fb3ed3f",
} as const;

/** A shell script for the Azure CLI that does the whole registration. */
export function registrationScript(redirectUri: string): string {
  const permissions = Object.values(SCOPES).map((id) => `${id}=Scope`);
  return `app=$(az ad app create --display-name Postkey --web-redirect-uris '${redirectUri}' \\
  --sign-in-audience AzureADMyOrg --query appId -o tsv)
az ad app permission add --id "$app" --api ${GRAPH} --api-permissions \\
  ${permissions.join(" \\\n  ")}
echo "Application Id: $app"
echo "Tenant Id:      $(az account show --query tenantId -o tsv)"
echo "Client Secret:  $(az ad app credential reset --id "$app" --append --display-name Postkey \\
  --end-date "$(date -u -d '+6 months' +%F)" --query password -o tsv)"`;
}
