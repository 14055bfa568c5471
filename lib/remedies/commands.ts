import type { Remedy } from "./remedy";

type Command = NonNullable<Remedy["command"]>;

const azure = (text: string): Command => ({ shell: "Azure CLI", text });
const graph = (text: string): Command => ({ shell: "Microsoft Graph PowerShell", text });
const exchange = (text: string): Command => ({ shell: "Exchange Online PowerShell", text });
const local = (text: string): Command => ({ shell: "Command line of the Postkey server", text });

/** Ids of Microsoft Graph and of its delegated IMAP, POP and SMTP permissions, the same everywhere. */
const GRAPH_APP = "00000003-0000-0000-c000-000000000000";
const MAIL_PERMISSIONS = [
  "652390e4-393a-48de-9484-05f9b1212954",
  "d7b7f2d9-0f45-4ea1-9d42-e50810c06991",
  "258f6531-6087-4cc4-bb90-092c5fb3ed3f",
];
const EXCHANGE_APP = "00000002-0000-0ff1-ce00-000000000000";

const CONSENT = "az ad app permission admin-consent --id {clientId}";

/** What repairs or shows the app registration. */
export const APP = {
  /** Keeps the addresses that are registered already: the option alone would replace them. */
  addRedirectUri: azure(
    `az ad app update --id {clientId} --web-redirect-uris $(az ad app show --id {clientId} --query "web.redirectUris" --output tsv) {redirectUri}`,
  ),
  showRedirectUris: azure(
    `az ad app show --id {clientId} --query "[web.redirectUris, spa.redirectUris, publicClient.redirectUris]"`,
  ),
  showAudience: azure("az ad app show --id {clientId} --query signInAudience"),
  showTokenClaims: azure(
    `az ad app show --id {clientId} --query "[groupMembershipClaims, optionalClaims]"`,
  ),
  showHome: azure(`az ad app show --id {clientId} --query "[appId, displayName, publisherDomain]"`),
  showInTenant: azure(
    `az ad sp show --id {clientId} --query "[displayName, appOwnerOrganizationId, accountEnabled]"`,
  ),
  enable: azure("az ad sp update --id {clientId} --set accountEnabled=true"),
  letAnybodyIn: azure("az ad sp update --id {clientId} --set appRoleAssignmentRequired=false"),
  newSecret: azure("az ad app credential reset --id {clientId} --append --years 1"),
  listSecrets: azure("az ad app credential list --id {clientId} --output table"),
  listCertificates: azure("az ad app credential list --id {clientId} --cert --output table"),
  listPermissions: azure("az ad app permission list --id {clientId} --output table"),
  addPermissions: azure(
    `az ad app permission add --id {clientId} --api ${GRAPH_APP} --api-permissions ${MAIL_PERMISSIONS.map((id) => `${id}=Scope`).join(" ")}\n${CONSENT}`,
  ),
  consent: azure(CONSENT),
  /** Looked up by name: the tenant's own list is what counts. */
  addRoles: azure(
    `for role in IMAP.AccessAsApp POP.AccessAsApp SMTP.SendAsApp; do az ad app permission add --id {clientId} --api ${EXCHANGE_APP} --api-permissions "$(az ad sp show --id ${EXCHANGE_APP} --query "appRoles[?value=='$role'].id" --output tsv)=Role"; done\n${CONSENT}`,
  ),
} as const;

/** What shows or repairs the tenant around it. */
export const DIRECTORY = {
  showExchange: azure(`az ad sp show --id ${EXCHANGE_APP} --query "[displayName, accountEnabled]"`),
  signInsOfApp: graph(
    `Get-MgAuditLogSignIn -Top 10 -Filter ("appId eq '" + {clientId} + "'") | Format-List CreatedDateTime,UserPrincipalName,IPAddress,ConditionalAccessStatus,CorrelationId`,
  ),
  showUser: graph(
    "Get-MgUser -UserId {mailbox} -Property UserPrincipalName,UserType,AccountEnabled,LastPasswordChangeDateTime,OnPremisesSyncEnabled | Format-List UserPrincipalName,UserType,AccountEnabled,LastPasswordChangeDateTime,OnPremisesSyncEnabled",
  ),
  showMethods: graph("Get-MgUserAuthenticationMethod -UserId {mailbox}"),
  showRisk: graph(
    `Get-MgRiskyUser -Filter ("userPrincipalName eq '" + {mailbox} + "'") | Format-List RiskLevel,RiskState,RiskDetail,RiskLastUpdatedDateTime`,
  ),
} as const;

/** What shows or repairs the mailbox. */
export const MAILBOX = {
  imapOn: exchange("Set-CASMailbox -Identity {mailbox} -ImapEnabled $true"),
  popOn: exchange("Set-CASMailbox -Identity {mailbox} -PopEnabled $true"),
  smtpOn: exchange("Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false"),
  showProtocols: exchange(
    "Get-CASMailbox -Identity {mailbox} | Format-List ImapEnabled,PopEnabled,SmtpClientAuthenticationDisabled",
  ),
  giveFullAccess: exchange(
    "Add-MailboxPermission -Identity {mailbox} -User {login} -AccessRights FullAccess -InheritanceType All",
  ),
  giveSendAs: exchange(
    "Add-RecipientPermission -Identity {mailbox} -Trustee {login} -AccessRights SendAs",
  ),
  showRights: exchange(
    "Get-MailboxPermission -Identity {mailbox} | Format-Table User,AccessRights",
  ),
  /** Whether there is a mailbox at all, and of which kind. */
  showMailbox: exchange(
    "Get-Recipient -Identity {mailbox} | Format-List RecipientTypeDetails,PrimarySmtpAddress; Get-CASMailbox -Identity {mailbox} | Format-List ImapEnabled,PopEnabled",
  ),
  showAppRights: exchange(
    "Get-ServicePrincipal | Where-Object AppId -eq {clientId}; Get-MailboxPermission -Identity {mailbox}",
  ),
  /** RBAC for Applications: the role counts for the mailboxes of the scope, and for no other. */
  limitApp: exchange(
    `New-ManagementScope -Name Postkey -RecipientRestrictionFilter "CustomAttribute1 -eq 'Postkey'"; New-ManagementRoleAssignment -App {clientId} -Role "Application SMTP.SendAsApp" -CustomResourceScope Postkey`,
  ),
  showPolicy: exchange("Get-User -Identity {mailbox} | Format-List AuthenticationPolicy"),
  showSize: exchange("Get-MailboxStatistics -Identity {mailbox} | Format-List TotalItemSize"),
  showSender: exchange("Get-BlockedSenderAddress -SenderAddress {mailbox} | Format-List"),
  showAddresses: exchange("Get-Recipient -Identity {mailbox} | Format-List EmailAddresses"),
} as const;

/** What shows the way to the server, from where Postkey runs. */
export const NETWORK = {
  lookUp: local("nslookup {host}"),
  connect: local("nc -vz {host} {port}"),
  showTls: local("openssl s_client -connect {host}:{port} -servername {host} -brief"),
  /** The server greets with the address that it sees. */
  showAddress: local(
    "(echo EHLO postkey; sleep 2; echo QUIT) | openssl s_client -quiet -starttls smtp -connect {host}:{port}",
  ),
  showClock: local("timedatectl status"),
} as const;
