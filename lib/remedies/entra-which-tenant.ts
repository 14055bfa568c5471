import { APP } from "./commands";
import { ADMIN, entra, see } from "./entry";
import { REGISTRATION } from "./portal";
import { again, editProvider } from "./steps";

const TENANT = see(ADMIN, REGISTRATION.overview);

export const ENTRA_WHICH_TENANT = [
  entra("AADSTS50194", see(TENANT, REGISTRATION.authentication, APP.showAudience))`
    The application serves one tenant, but the sign-in went to all of them.
    The provider uses common or organizations, and the registration allows its own tenant only.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}
    If other organisations are to sign in, change Supported account types in the registration instead.`,
  entra("AADSTS90002", see(TENANT, APP.showTenant))`
    Microsoft does not know this tenant.
    The tenant id is mistyped, or the tenant lives in another cloud than the provider's.
    ${editProvider`Copy Directory (tenant) ID from the overview of the app registration into the provider.`}
    ${editProvider`Check that the provider's cloud is the one that the tenant lives in.`}`,
  entra("AADSTS90023", see(TENANT, APP.showTenant))`
    The tenant id is neither an id nor a domain.
    Something else was pasted into Tenant Id, such as a name or an id with a space in it.
    ${editProvider`Copy Directory (tenant) ID from the overview of the app registration into the provider.`}`,
  entra(["AADSTS700016", "AADSTS700011"], see(TENANT, APP.showInTenant))`
    This tenant has no application with that id.
    The application id is wrong, or it belongs to another tenant that has to consent first.
    ${editProvider`Copy Application (client) ID from the overview into the provider, not the object id and not the id of the secret.`}
    Check that application id and tenant id come from the same page and are not swapped.
    For an application of another organisation, have an administrator of this tenant consent to it.`,
  entra("AADSTS90038", TENANT)`
    The tenant lives in another Microsoft cloud.
    Global, US Government and China are separate, and each needs a registration of its own.
    ${editProvider`Choose the tenant's cloud in the provider.`}
    Register the application in that cloud and enter its ids and its secret.`,
  entra(["AADSTS90051", "AADSTS50049"], TENANT)`
    Microsoft's sign-in servers do not know this cloud.
    The provider's cloud has a sign-in host that does not fit the tenant.
    ${editProvider`Choose the tenant's cloud in the provider.`}
    For a cloud of your own, correct its authority in the file of POSTKEY_CLOUDS_FILE.`,
  entra(["AADSTS900382", "AADSTS900432"], TENANT, {
    source: "https://github.com/microsoft/CSS-Exchange/issues/1593",
  })`
    An application with a secret cannot be used across Microsoft's clouds.
    The registration is in one cloud, and the account or the provider is in another.
    Register an application in the cloud that the mailboxes are in.
    ${editProvider`Choose that cloud in the provider, and enter the new ids and the new secret.`}`,
  entra("AADSTS9001023", see(TENANT, APP.showTenant))`
    An application that signs in for itself needs one particular tenant.
    Client credentials went to common or consumers, where there is no tenant to grant them.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}`,
  entra(["AADSTS90124", "AADSTS90130"], see(TENANT, APP.showAudience))`
    This sign-in needs one particular tenant.
    The request went to common or consumers, which is not allowed for this application.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}
    Or set Supported account types to Any organisation, if people of several organisations sign in.`,
  entra("AADSTS700005", TENANT)`
    The sign-in started at one tenant and ended at another.
    The provider's tenant was changed while someone was signing in, or is common.
    ${editProvider`Check the Tenant Id of the provider.`}
    ${again`{Press}[, and finish it in one go].`}`,
];
