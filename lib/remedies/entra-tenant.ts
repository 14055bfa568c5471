import { APP, DIRECTORY } from "./commands";
import { ADMIN, entra, see, TENANT_ADMIN } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, editProvider, STAY_SIGNED_IN } from "./steps";

const WHICH_TENANT = see(ADMIN, REGISTRATION.overview, APP.showTenant);
const DIRECTORY_FAULT = see(TENANT_ADMIN, TENANT.signIns, DIRECTORY.signInsOfApp);
const SUPPORT = "If it happens again, give Microsoft's support the trace id shown with the error.";

export const ENTRA_TENANT = [
  entra("AADSTS500014", see(TENANT_ADMIN, DIRECTORY.showExchange), {
    title: "The mail service is switched off in this tenant, so every mailbox fails.",
    cause: "The subscription lapsed, or an administrator disabled Exchange Online or Graph there.",
    steps: [
      "Check in the Microsoft 365 admin center that the subscription is active.",
      "Open Office 365 Exchange Online under Enterprise applications and enable it.",
    ],
  }),
  entra("AADSTS5000224", WHICH_TENANT, {
    title: "This tenant no longer exists.",
    cause: "The organisation deleted it, or its last subscription ended long ago.",
    steps: [
      editProvider`Enter in the provider the Directory (tenant) ID of the tenant that the mailboxes are in now.`,
    ],
  }),
  entra("AADSTS5000225", see(TENANT_ADMIN, TENANT.users), {
    title: "Microsoft has blocked this tenant because it was not used.",
    cause: "A tenant without a sign-in for a long time is closed, and deleted later.",
    steps: ["Have an administrator sign in to the admin center and reactivate it.", AGAIN],
  }),
  entra("AADSTS7000229", see(TENANT_ADMIN, REGISTRATION.permissions, APP.consent), {
    title: "The application is not present in this tenant.",
    cause: "No one has consented to it there, so it cannot sign in for itself.",
    steps: [
      "Have a tenant administrator grant admin consent; that creates the enterprise application.",
      editProvider`Check that the Tenant Id of the provider is the one of the mailboxes.`,
    ],
  }),
  entra("AADSTS501051", see(TENANT_ADMIN, ENTERPRISE.consent, APP.listPermissions), {
    title: "The mail service lets only assigned applications in, and this one is not.",
    cause: "Assignment required is on at the enterprise application of the service.",
    steps: [
      "Assign an application permission of the service to this application.",
      "Or switch Assignment required off at the service, under Enterprise applications.",
    ],
  }),
  entra(["AADSTS50002", "AADSTS500022"], see(TENANT_ADMIN, TENANT.crossTenant), {
    title: "The network's proxy does not allow this tenant.",
    cause:
      "Tenant restrictions list the tenants that people may sign in to, and this one is not listed.",
    steps: [
      "Have this tenant added to the tenant restrictions of the proxy.",
      "Or let this server and the browser bypass that proxy.",
    ],
  }),
  entra("AADSTS53010", see(TENANT_ADMIN, TENANT.policies, DIRECTORY.signInsOfApp), {
    title: "The second factor may be set up only from certain places or devices.",
    cause: "A policy limits where security information is registered.",
    steps: ["Set it up from a place that the policy allows.", AGAIN],
  }),
  entra("AADSTS530034", see(TENANT_ADMIN, TENANT.riskyUsers, DIRECTORY.signInsOfApp), {
    title: "The partner's administrator is blocked because of a risk.",
    cause: "Microsoft stops delegated administrators whose sign-in looks suspicious.",
    steps: ["Have the partner resolve the risk in its own tenant.", AGAIN],
  }),
  entra("AADSTS50014", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser), {
    title: "The guest has not accepted the invitation yet.",
    cause: "The account was invited to this tenant, and the invitation is still open.",
    steps: ["Have the guest accept the invitation.", AGAIN],
  }),
  entra("AADSTS50197", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser), {
    title: "Two accounts of the directory are in conflict.",
    cause:
      "Microsoft cannot tell the one that signs in from another one, usually after a synchronisation.",
    steps: ["Look for a second account with the same address, and remove or rename it.", AGAIN],
  }),
  entra(["AADSTS50128", "AADSTS90019", "AADSTS50059"], WHICH_TENANT, {
    title: "The request does not say which tenant is meant.",
    cause: "The domain of the account belongs to no tenant, or the provider names none.",
    steps: [editProvider`Enter the Directory (tenant) ID in the provider.`, AGAIN],
  }),
  entra("AADSTS90027", WHICH_TENANT, {
    title: "A personal account was used where only work accounts can be.",
    cause: "The request went to an endpoint of Microsoft that knows no personal accounts.",
    steps: [
      editProvider`Set the provider's account types to include personal accounts, as the registration does.`,
      "Or sign in with a work account.",
    ],
  }),
  entra("AADSTS54000", see(TENANT_ADMIN, TENANT.users, DIRECTORY.showUser), {
    title: "The account belongs to a minor who may not use this application.",
    cause: "The law of the country asks for a parent's consent, which is not recorded.",
    steps: ["Correct the age group and the consent in the account's properties.", AGAIN],
  }),
  entra("AADSTS1000104", WHICH_TENANT, {
    title: "The mail service of this cloud may not be reached from the tenant's cloud.",
    cause: "The provider's cloud and the cloud of the tenant do not fit together.",
    steps: [
      editProvider`Choose the tenant's cloud in the provider, and register the application there.`,
    ],
  }),
  entra("AADSTS90091", DIRECTORY_FAULT, {
    title: "The directory behind the sign-in cannot be reached at the moment.",
    cause: "One part of Microsoft's sign-in service is waiting for another one.",
    steps: [STAY_SIGNED_IN],
    who: "postkey_administrator",
    retry: "yes",
  }),
  entra(["AADSTS90036", "AADSTS90092"], DIRECTORY_FAULT, {
    title: "The directory behind the sign-in failed, and this is not temporary.",
    cause: "Microsoft says that retrying will not help.",
    steps: ["Look at the service health page of Microsoft 365.", AGAIN, SUPPORT],
  }),
  entra("AADSTS90093", see(DIRECTORY_FAULT, ENTERPRISE.properties, APP.showInTenant), {
    title: "The directory does not allow what the sign-in needs.",
    cause: "The account or the application may not read what Microsoft looks up for it.",
    steps: [
      "Check that the account and the application are enabled in the tenant.",
      AGAIN,
      SUPPORT,
    ],
  }),
];
