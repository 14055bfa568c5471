import { APP, DIRECTORY } from "./commands";
import { ADMIN, entra, see, TENANT_ADMIN } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, editProvider, STAY_SIGNED_IN } from "./steps";

const WHICH_TENANT = see(ADMIN, REGISTRATION.overview, APP.showTenant);
const DIRECTORY_FAULT = see(TENANT_ADMIN, TENANT.signIns, DIRECTORY.signInsOfApp);
const SUPPORT = "If it happens again, give Microsoft's support the trace id shown with the error.";

export const ENTRA_TENANT = [
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
  entra("AADSTS90091", DIRECTORY_FAULT, {
    who: "postkey_administrator",
    retry: "yes",
  })`
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
