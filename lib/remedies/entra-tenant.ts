import { APP, DIRECTORY } from "./commands";
import { ADMIN, entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, again, editProvider, run, STAY_SIGNED_IN, signIn } from "./steps";

const SCOPE = see(ADMIN, REGISTRATION.permissions, APP.listPermissions);
const PERMISSION = see(TENANT_ADMIN, REGISTRATION.permissions, APP.addPermissions);
const NO_EXCHANGE = see(TENANT_ADMIN, ENTERPRISE.overview, DIRECTORY.showExchange);
const APPROVAL = see(
  TENANT_ADMIN,
  REGISTRATION.permissions,
  APP.consent,
  "https://learn.microsoft.com/entra/identity-platform/v2-admin-consent",
);
const CLOUD = editProvider`Check that the provider's cloud is the right one, because each has its own scopes.`;
const WHICH_TENANT = see(ADMIN, REGISTRATION.overview, APP.showTenant);
const DIRECTORY_FAULT = see(TENANT_ADMIN, TENANT.signIns, DIRECTORY.signInsOfApp);
const SUPPORT = "If it happens again, give Microsoft's support the trace id shown with the error.";

export const ENTRA_TENANT = [
  entra(["AADSTS70011", "AADSTS28002"], SCOPE)`
    Microsoft does not know one of the requested permissions.
    A scope is misspelt, or it belongs to another cloud than the provider's.
    ${CLOUD}
    For a cloud of your own, correct scopeHost in the file of POSTKEY_CLOUDS_FILE.`,
  entra("AADSTS28003", SCOPE)`
    The token request contained no permission.
    Something between Postkey and Microsoft emptied the field scope, or Postkey has a fault.
    ${AGAIN}
    If it happens again, report it with the trace id shown with the error.`,
  entra(["AADSTS700022", "AADSTS28000"], SCOPE)`
    The request asked for permissions of more than one service.
    A token is for one service only. IMAP, POP3 and SMTP together are one, Graph another.
    For a cloud of your own, give it one scopeHost in the file of POSTKEY_CLOUDS_FILE.
    ${CLOUD}`,
  entra("AADSTS700023", SCOPE)`
    A requested permission does not name the service that it belongs to.
    The scopes do not begin with the address of the mail service.
    ${CLOUD}
    For a cloud of your own, correct scopeHost in the file of POSTKEY_CLOUDS_FILE.`,
  entra("AADSTS65001", see(OWNER_SIGNS_IN, REGISTRATION.permissions, APP.consent))`
    This application has no consent, or its consent was withdrawn.
    The consent was never given, or it was withdrawn.
    ${signIn`{Press}, sign in and accept.`}
    Or grant consent for the whole organisation on the API permissions page.`,
  entra("AADSTS65004", see(OWNER_SIGNS_IN, ENTERPRISE.consent, APP.consent))`
    The sign-in was cancelled before the permissions were accepted.
    Someone pressed Cancel: where the account is chosen, or on the page that asks for permissions.
    ${again`{Press}, choose the account and accept the permissions.`}
    Postkey asks to sign in as this mailbox, to see its name and address, to read, change and send its mail, and to stay signed in. Nothing else.`,
  entra(["AADSTS65005", "AADSTS650057"], PERMISSION)`
    The registration does not list the mail permissions.
    IMAP.AccessAsUser.All, POP.AccessAsUser.All and SMTP.Send have to be added to it.
    Open API permissions in the registration and add the missing ones.
    Grant admin consent on the same page.
    ${AGAIN}`,
  entra("AADSTS650056", PERMISSION)`
    The registration is not complete: permissions or consent are missing.
    The mail permissions are not listed, no one has consented, or the id belongs to another app.
    ${editProvider`Check the Application Id of the provider.`}
    Open API permissions in the registration, add what is missing and grant admin consent.
    ${AGAIN}`,
  entra("AADSTS90008", see(PERMISSION, APP.listPermissions))`
    The application does not ask for permission to sign anyone in.
    The registration lacks openid or User.Read, which every sign-in needs.
    Add openid, profile, email and offline_access under API permissions.
    ${AGAIN}`,
  entra("AADSTS65002", see(ADMIN, REGISTRATION.overview, APP.showInTenant))`
    The application id belongs to Microsoft itself.
    An id was copied from a guide. Such applications cannot be used for this.
    Register an application of your own and enter its id.`,
  entra("AADSTS650052", NO_EXCHANGE)`
    This organisation has no subscription for Exchange Online.
    The subscription has no mailboxes, or the provider points at the wrong tenant.
    ${editProvider`Check the Tenant Id of the provider.`}
    Check in the Microsoft 365 admin center that the subscription includes Exchange Online.`,
  entra("AADSTS500011", NO_EXCHANGE)`
    This tenant has no Exchange Online.
    The mail service is not present there: wrong tenant, wrong cloud, or no licence.
    ${editProvider`Check tenant id and cloud in the provider.`}
    Check in the Microsoft 365 admin center that the subscription includes Exchange Online.`,
  entra("AADSTS50001", NO_EXCHANGE)`
    The requested mail service is disabled or misspelt.
    The cloud's scope host is wrong, or Exchange Online is switched off in the tenant.
    ${editProvider`Check the provider's cloud.`}
    Have an administrator enable Office 365 Exchange Online under Enterprise applications.`,
  entra("AADSTS650054", see(NO_EXCHANGE, REGISTRATION.permissions, APP.listPermissions))`
    The application asks for a service that no longer exists.
    The registration lists permissions of something that was removed from the tenant.
    Remove the stale permission under API permissions.
    ${AGAIN}`,
  entra("AADSTS90094", APPROVAL)`
    An administrator of the tenant has to approve the application first.
    The tenant does not let its users consent on their own.
    Have a tenant administrator grant admin consent on the API permissions page.
    ${AGAIN}`,
  entra("AADSTS90095", APPROVAL)`
    The approval request is waiting for an administrator of the tenant.
    The tenant requires an administrator's approval, and the person has asked for it.
    Have an administrator approve it under Enterprise applications, Admin consent requests.
    ${again`{Press} when it is approved.`}`,
  entra("AADSTS90099", APPROVAL)`
    The application is not authorised in the customer's tenant.
    It was registered by a partner, and the customer's tenant has not consented to it.
    Have an administrator of the customer's tenant grant admin consent.
    A partner can do it beforehand in Partner Center.`,
  entra("AADSTS50105", see(TENANT_ADMIN, ENTERPRISE.users, APP.letAnybodyIn))`
    This user is not assigned to the application.
    The enterprise application lets only assigned users in.
    Open the enterprise application, then Users and groups, and add the person who signs in.
    ${run`Or switch Assignment required off, with {command}.`}`,
  entra("AADSTS500014", see(TENANT_ADMIN, DIRECTORY.showExchange))`
    The mail service is switched off in this tenant, so every mailbox fails.
    The subscription lapsed, or an administrator disabled Exchange Online or Graph there.
    Check in the Microsoft 365 admin center that the subscription is active.
    Open Office 365 Exchange Online under Enterprise applications and enable it.`,
  entra("AADSTS5000224", WHICH_TENANT)`
    This tenant no longer exists.
    The organisation deleted it, or its last subscription ended long ago.
    ${editProvider`Enter in the provider the Directory (tenant) ID of the tenant that the mailboxes are in now.`}`,
  entra("AADSTS5000225", see(TENANT_ADMIN, TENANT.users))`
    Microsoft has blocked this tenant because it was not used.
    A tenant without a sign-in for a long time is closed, and deleted later.
    Have an administrator sign in to the admin center and reactivate it.
    ${AGAIN}`,
  entra("AADSTS7000229", see(TENANT_ADMIN, REGISTRATION.permissions, APP.consent))`
    The application is not present in this tenant.
    No one has consented to it there, so it cannot sign in for itself.
    Have a tenant administrator grant admin consent; that creates the enterprise application.
    ${editProvider`Check that the Tenant Id of the provider is the one of the mailboxes.`}`,
  entra("AADSTS501051", see(TENANT_ADMIN, ENTERPRISE.consent, APP.listPermissions))`
    The mail service lets only assigned applications in, and this one is not.
    Assignment required is on at the enterprise application of the service.
    Assign an application permission of the service to this application.
    Or switch Assignment required off at the service, under Enterprise applications.`,
  entra(["AADSTS50002", "AADSTS500022"], see(TENANT_ADMIN, TENANT.crossTenant))`
    The network's proxy does not allow this tenant.
    Tenant restrictions list the tenants that people may sign in to, and this one is not listed.
    Have this tenant added to the tenant restrictions of the proxy.
    Or let this server and the browser bypass that proxy.`,
  entra("AADSTS53010", see(TENANT_ADMIN, TENANT.policies, DIRECTORY.signInsOfApp))`
    The second factor may be set up only from certain places or devices.
    A policy limits where security information is registered.
    Set it up from a place that the policy allows.
    ${AGAIN}`,
  entra("AADSTS530034", see(TENANT_ADMIN, TENANT.riskyUsers, DIRECTORY.signInsOfApp))`
    The partner's administrator is blocked because of a risk.
    Microsoft stops delegated administrators whose sign-in looks suspicious.
    Have the partner resolve the risk in its own tenant.
    ${AGAIN}`,
  entra("AADSTS50014", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser))`
    The guest has not accepted the invitation yet.
    The account was invited to this tenant, and the invitation is still open.
    Have the guest accept the invitation.
    ${AGAIN}`,
  entra("AADSTS50197", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser))`
    Two accounts of the directory are in conflict.
    Microsoft cannot tell the one that signs in from another one, usually after a synchronisation.
    Look for a second account with the same address, and remove or rename it.
    ${AGAIN}`,
  entra(["AADSTS50128", "AADSTS90019", "AADSTS50059"], WHICH_TENANT)`
    The request does not say which tenant is meant.
    The domain of the account belongs to no tenant, or the provider names none.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}
    ${AGAIN}`,
  entra("AADSTS90027", WHICH_TENANT)`
    A personal account was used where only work accounts can be.
    The request went to an endpoint of Microsoft that knows no personal accounts.
    ${editProvider`Set the provider's account types to include personal accounts, as the registration does.`}
    Or sign in with a work account.`,
  entra("AADSTS54000", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser))`
    The account belongs to a minor who may not use this application.
    The law of the country asks for a parent's consent, which is not recorded.
    Correct the age group and the consent in the account's properties.
    ${AGAIN}`,
  entra("AADSTS1000104", WHICH_TENANT)`
    The mail service of this cloud may not be reached from the tenant's cloud.
    The provider's cloud and the cloud of the tenant do not fit together.
    ${editProvider`Choose the tenant's cloud in the provider, and register the application there.`}`,
  entra("AADSTS90091", DIRECTORY_FAULT, { who: "postkey_administrator", retry: "yes" })`
    The directory behind the sign-in cannot be reached at the moment.
    One part of Microsoft's sign-in service is waiting for another one.
    ${STAY_SIGNED_IN}`,
  entra(["AADSTS90036", "AADSTS90092"], DIRECTORY_FAULT)`
    The directory behind the sign-in failed, and this is not temporary.
    Microsoft says that retrying will not help.
    Look at the service health page of Microsoft 365.
    ${AGAIN}
    ${SUPPORT}`,
  entra("AADSTS90093", see(DIRECTORY_FAULT, ENTERPRISE.properties, APP.showInTenant))`
    The directory does not allow what the sign-in needs.
    The account or the application may not read what Microsoft looks up for it.
    Check that the account and the application are enabled in the tenant.
    ${AGAIN}
    ${SUPPORT}`,
];
