import type { Command, Shell } from "./remedy";
import { MICROSOFT } from "./services";

/** In lines: the purpose, and the command. */
const by =
  (shell: Shell, of?: string) =>
  (text: TemplateStringsArray, ...values: string[]): Command => {
    const [purpose = "", ...lines] = String.raw({ raw: text }, ...values).split(/\n\s*/);
    return { shell, text: lines.join("\n"), purpose, ...(of && { of }) };
  };

const azure = by("Azure CLI", MICROSOFT);
const graph = by("Microsoft Graph PowerShell", MICROSOFT);
const exchange = by("Exchange Online PowerShell", MICROSOFT);
const local = by("Command line of the Postkey server");

/** Microsoft Graph's ids are the same everywhere. */
const GRAPH_APP = "00000003-0000-0000-c000-000000000000";
const MAIL_PERMISSIONS = [
  "652390e4-393a-48de-9484-05f9b1212954",
  "d7b7f2d9-0f45-4ea1-9d42-e50810c06991",
  "258f6531-6087-4cc4-bb90-092c5fb3ed3f",
];
const EXCHANGE_APP = "00000002-0000-0ff1-ce00-000000000000";

const CONSENT = "az ad app permission admin-consent --id {clientId}";

export const APP = {
  /** The option alone would replace the registered addresses. */
  addRedirectUri: azure`add the redirect URI to the registration
    az ad app update --id {clientId} --web-redirect-uris $(az ad app show --id {clientId} --query "web.redirectUris" --output tsv) {redirectUri}`,
  showRedirectUris: azure`see which redirect URIs are registered, and for which platform
    az ad app show --id {clientId} --query "[web.redirectUris, spa.redirectUris, publicClient.redirectUris]"`,
  showAudience: azure`see which account types the registration supports
    az ad app show --id {clientId} --query signInAudience`,
  showTokenClaims: azure`see which claims the registration adds to its tokens
    az ad app show --id {clientId} --query "[groupMembershipClaims, optionalClaims]"`,
  showHome: azure`see the name and the home of the registration
    az ad app show --id {clientId} --query "[appId, displayName, publisherDomain]"`,
  showTenant: azure`see the ID of the tenant that you signed in to
    az account show --query tenantId --output tsv`,
  showInTenant: azure`see whether the tenant knows the application, and whose it is
    az ad sp show --id {clientId} --query "[displayName, appOwnerOrganizationId, accountEnabled]"`,
  enable: azure`switch the application on
    az ad sp update --id {clientId} --set accountEnabled=true`,
  letAnybodyIn: azure`let everyone in the tenant use the application
    az ad sp update --id {clientId} --set appRoleAssignmentRequired=false`,
  newSecret: azure`create a new secret beside the old ones
    az ad app credential reset --id {clientId} --append --years 1`,
  listSecrets: azure`see which secrets the registration has, and when they expire
    az ad app credential list --id {clientId} --output table`,
  listCertificates: azure`see which certificates the registration has, and when they expire
    az ad app credential list --id {clientId} --cert --output table`,
  listFederated: azure`see which federated credentials the registration has
    az ad app federated-credential list --id {clientId} --output table`,
  listPermissions: azure`see which permissions the registration asks for
    az ad app permission list --id {clientId} --output table`,
  addPermissions: azure`add the permissions for mail and consent to them for everyone
    az ad app permission add --id {clientId} --api ${GRAPH_APP} --api-permissions ${MAIL_PERMISSIONS.map((id) => `${id}=Scope`).join(" ")}
    ${CONSENT}`,
  consent: azure`consent to the permissions for everyone in the tenant
    ${CONSENT}`,
  /** By name, from the tenant's own list. */
  addRoles: azure`add the application permissions and consent to them
    for role in IMAP.AccessAsApp POP.AccessAsApp SMTP.SendAsApp; do az ad app permission add --id {clientId} --api ${EXCHANGE_APP} --api-permissions "$(az ad sp show --id ${EXCHANGE_APP} --query "appRoles[?value=='$role'].id" --output tsv)=Role"; done
    ${CONSENT}`,
} as const;

export const DIRECTORY = {
  showExchange: azure`see whether Exchange Online is enabled in the tenant
    az ad sp show --id ${EXCHANGE_APP} --query "[displayName, accountEnabled]"`,
  signInsOfApp: graph`see the last sign-ins of the application
    Get-MgAuditLogSignIn -Top 10 -Filter ("appId eq '" + {clientId} + "'") | Format-List CreatedDateTime,UserPrincipalName,IPAddress,ConditionalAccessStatus,CorrelationId`,
  showUser: graph`see whether the account is enabled and where it comes from
    Get-MgUser -UserId {mailbox} -Property UserPrincipalName,UserType,AccountEnabled,LastPasswordChangeDateTime,OnPremisesSyncEnabled | Format-List UserPrincipalName,UserType,AccountEnabled,LastPasswordChangeDateTime,OnPremisesSyncEnabled`,
  showMethods: graph`see which methods the person has registered
    Get-MgUserAuthenticationMethod -UserId {mailbox}`,
  showRisk: graph`see which risk Microsoft sees
    Get-MgRiskyUser -Filter ("userPrincipalName eq '" + {mailbox} + "'") | Format-List RiskLevel,RiskState,RiskDetail,RiskLastUpdatedDateTime`,
} as const;

export const MAILBOX = {
  imapOn: exchange`switch IMAP on for the mailbox
    Set-CASMailbox -Identity {mailbox} -ImapEnabled $true`,
  popOn: exchange`switch POP3 on for the mailbox
    Set-CASMailbox -Identity {mailbox} -PopEnabled $true`,
  smtpOn: exchange`switch SMTP AUTH on for the mailbox
    Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false`,
  showProtocols: exchange`see which protocols are on for the mailbox
    Get-CASMailbox -Identity {mailbox} | Format-List ImapEnabled,PopEnabled,SmtpClientAuthenticationDisabled`,
  giveFullAccess: exchange`give the account that signed in Full Access
    Add-MailboxPermission -Identity {mailbox} -User {login} -AccessRights FullAccess -InheritanceType All`,
  giveSendAs: exchange`give the account that signed in Send As
    Add-RecipientPermission -Identity {mailbox} -Trustee {login} -AccessRights SendAs`,
  showRights: exchange`see who has rights to the mailbox
    Get-MailboxPermission -Identity {mailbox} | Format-Table User,AccessRights`,
  showMailbox: exchange`see whether there is a mailbox, and of which kind
    Get-Recipient -Identity {mailbox} | Format-List RecipientTypeDetails,PrimarySmtpAddress; Get-CASMailbox -Identity {mailbox} | Format-List ImapEnabled,PopEnabled`,
  grantApp: exchange`give the application the mailbox
    New-ServicePrincipal -AppId {clientId} -ObjectId {objectId} -DisplayName Postkey; Add-MailboxPermission -Identity {mailbox} -User {objectId} -AccessRights FullAccess`,
  testApp: exchange`see which roles of Exchange Online give the application the mailbox
    Test-ServicePrincipalAuthorization -Identity {clientId} -Resource {mailbox}`,
  showPolicy: exchange`see which authentication policy the account has
    Get-User -Identity {mailbox} | Format-List AuthenticationPolicy`,
  showSize: exchange`see how full the mailbox is
    Get-MailboxStatistics -Identity {mailbox} | Format-List TotalItemSize`,
  showSender: exchange`see whether the sender is blocked
    Get-BlockedSenderAddress -SenderAddress {mailbox} | Format-List`,
  showAddresses: exchange`see which addresses the mailbox has
    Get-Recipient -Identity {mailbox} | Format-List EmailAddresses`,
} as const;

export const NETWORK = {
  lookUp: local`see what the name server of this machine answers
    nslookup {host}`,
  connect: local`see whether this machine reaches the server
    nc -vz {host} {port}`,
  showTls: local`see how the server answers over TLS
    openssl s_client -connect {host}:{port} -servername {host} -brief`,
  /** The greeting shows the address it sees. */
  showAddress: local`see the address that Postkey connects from
    (echo EHLO postkey; sleep 2; echo QUIT) | openssl s_client -quiet -starttls smtp -connect {host}:{port}`,
  showClock: local`see whether the clock is synchronised
    timedatectl status`,
} as const;
