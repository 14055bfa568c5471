import { APP, NETWORK } from "./commands";
import { ADMIN, entra, OWNER_SIGNS_IN, see, TENANT_ADMIN } from "./entry";
import { ENTERPRISE, REGISTRATION } from "./portal";
import { AGAIN, again, editProvider, run, SET_CLOCK, updateSecret, wait } from "./steps";

const REDIRECT = see(TENANT_ADMIN, REGISTRATION.authentication);
const SWITCHED_OFF = see(TENANT_ADMIN, ENTERPRISE.properties);
const IN_OVERVIEW = see(ADMIN, REGISTRATION.overview);
const CERTIFICATE = see(
  TENANT_ADMIN,
  REGISTRATION.secrets,
  APP.listCertificates,
  "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
);

const FEDERATED = see(
  TENANT_ADMIN,
  REGISTRATION.secrets,
  APP.listFederated,
  "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
);

export const ENTRA_REGISTRATION = [
  entra("AADSTS50011", see(REDIRECT, APP.addRedirectUri))`
    The redirect URI is not registered for this application.
    Microsoft compares the address byte by byte with the ones in the app registration.
    Open Authentication in the app registration and add Postkey's redirect URI under the platform Web.
    Check https, the host name and that there is no slash at the end.
    If people reach Postkey at another address, correct POSTKEY_URL and restart it.`,
  entra("AADSTS900971", see(REDIRECT, APP.addRedirectUri))`
    The application has no redirect URI at all.
    The registration was made without one, so Microsoft has nowhere to send the browser.
    Add Postkey's redirect URI under Authentication, platform Web.`,
  entra("AADSTS70004", see(REDIRECT, APP.addRedirectUri))`
    The redirect URI is not valid for this application.
    It is registered for another platform than Web, or is written differently there.
    Open Authentication in the app registration and check which platform lists the address.
    Add exactly Postkey's redirect URI under the platform Web.`,
  entra("AADSTS500112", see(REDIRECT, "https://github.com/odoo/odoo/issues/44943"), {
    who: "postkey_administrator",
    command: APP.showRedirectUris,
  })`
    The sign-in started with one redirect URI and ended with another.
    POSTKEY_URL was changed in between, or a proxy rewrites the host, scheme or port.
    Set POSTKEY_URL to the one address that browsers use.
    Have the proxy pass host and scheme through unchanged.
    ${AGAIN}`,
  entra(["AADSTS9002325", "AADSTS700084"], see(REDIRECT, APP.showRedirectUris))`
    The redirect URI is registered for a single-page application.
    Tokens for that platform end after 24 hours and cannot be renewed by a server.
    Open Authentication in the app registration and remove Postkey's redirect URI from Single-page application.
    Add the same address under Web.
    ${AGAIN}`,
  entra(["AADSTS70001", "AADSTS7000112"], see(SWITCHED_OFF, APP.enable))`
    The application is switched off in this tenant.
    An administrator disabled it, or Microsoft did after an incident.
    Open the application under Enterprise applications, then Properties.
    Set Enabled for users to sign in to Yes.`,
  entra("AADSTS1000031", see(SWITCHED_OFF, APP.showInTenant))`
    An administrator has blocked this application for now.
    The tenant blocks it until someone has reviewed it.
    Ask an administrator of the tenant to review and allow the application.
    ${AGAIN}`,
  entra("AADSTS9002332", see(REDIRECT, APP.showAudience), { who: "postkey_administrator" })`
    The application takes work accounts, but a personal sign-in was asked for.
    The account types of the provider are wider than those of the registration.
    ${editProvider`Choose the same account types in the provider as in the registration.`}
    Or allow personal accounts in the registration.`,
  entra("AADSTS9002346", see(REDIRECT, APP.showAudience), { who: "postkey_administrator" })`
    The application takes personal accounts only.
    The registration supports Microsoft accounts, and a work account was asked for.
    ${editProvider`Choose the same account types in the provider as in the registration.`}
    Or allow work accounts in the registration.`,
  entra("AADSTS500208", see(REDIRECT, APP.showAudience), { ...OWNER_SIGNS_IN })`
    The account is of a kind that this application does not accept.
    A personal account was used where a work account is expected, or the other way round.
    Sign in with the account that owns the mailbox.
    ${editProvider`Or change the supported account types in the provider and in the registration.`}`,
  entra("AADSTS50194", see(IN_OVERVIEW, REGISTRATION.authentication, APP.showAudience))`
    The application serves one tenant, but the sign-in went to all of them.
    The provider uses common or organizations, and the registration allows its own tenant only.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}
    If other organisations are to sign in, change Supported account types in the registration instead.`,
  entra("AADSTS90002", see(IN_OVERVIEW, APP.showTenant))`
    Microsoft does not know this tenant.
    The tenant id is mistyped, or the tenant lives in another cloud than the provider's.
    ${editProvider`Copy Directory (tenant) ID from the overview of the app registration into the provider.`}
    ${editProvider`Check that the provider's cloud is the one that the tenant lives in.`}`,
  entra("AADSTS90023", see(IN_OVERVIEW, APP.showTenant))`
    The tenant id is neither an id nor a domain.
    Something else was pasted into Tenant Id, such as a name or an id with a space in it.
    ${editProvider`Copy Directory (tenant) ID from the overview of the app registration into the provider.`}`,
  entra(["AADSTS700016", "AADSTS700011"], see(IN_OVERVIEW, APP.showInTenant))`
    This tenant has no application with that id.
    The application id is wrong, or it belongs to another tenant that has to consent first.
    ${editProvider`Copy Application (client) ID from the overview into the provider, not the object id and not the id of the secret.`}
    Check that application id and tenant id come from the same page and are not swapped.
    For an application of another organisation, have an administrator of this tenant consent to it.`,
  entra("AADSTS90038", IN_OVERVIEW)`
    The tenant lives in another Microsoft cloud.
    Global, US Government and China are separate, and each needs a registration of its own.
    ${editProvider`Choose the tenant's cloud in the provider.`}
    Register the application in that cloud and enter its ids and its secret.`,
  entra(["AADSTS90051", "AADSTS50049"], IN_OVERVIEW)`
    Microsoft's sign-in servers do not know this cloud.
    The provider's cloud has a sign-in host that does not fit the tenant.
    ${editProvider`Choose the tenant's cloud in the provider.`}
    For a cloud of your own, correct its authority in the file of POSTKEY_CLOUDS_FILE.`,
  entra(["AADSTS900382", "AADSTS900432"], IN_OVERVIEW, {
    source: "https://github.com/microsoft/CSS-Exchange/issues/1593",
  })`
    An application with a secret cannot be used across Microsoft's clouds.
    The registration is in one cloud, and the account or the provider is in another.
    Register an application in the cloud that the mailboxes are in.
    ${editProvider`Choose that cloud in the provider, and enter the new ids and the new secret.`}`,
  entra("AADSTS9001023", see(IN_OVERVIEW, APP.showTenant))`
    An application that signs in for itself needs one particular tenant.
    Client credentials went to common or consumers, where there is no tenant to grant them.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}`,
  entra(["AADSTS90124", "AADSTS90130"], see(IN_OVERVIEW, APP.showAudience))`
    This sign-in needs one particular tenant.
    The request went to common or consumers, which is not allowed for this application.
    ${editProvider`Enter the Directory (tenant) ID in the provider.`}
    Or set Supported account types to Any organisation, if people of several organisations sign in.`,
  entra("AADSTS700005", IN_OVERVIEW)`
    The sign-in started at one tenant and ended at another.
    The provider's tenant was changed while someone was signing in, or is common.
    ${editProvider`Check the Tenant Id of the provider.`}
    ${again`{Press}[, and finish it in one go].`}`,
  entra(["AADSTS7000215", "AADSTS70002"], see(ADMIN, REGISTRATION.secrets, APP.newSecret))`
    The client secret is wrong.
    The secret's id was pasted instead of its value, or the secret was replaced at Microsoft.
    Create a new secret in the registration and copy the column Value. It is shown only once.
    ${updateSecret`{Press} at the cloud provider.`}`,
  entra("AADSTS7000222", see(TENANT_ADMIN, REGISTRATION.secrets, APP.newSecret))`
    The client secret has expired.
    Client secrets last at most 24 months.
    ${run`Create a new secret in the registration, or with {command}, and copy the column Value.`}
    ${updateSecret`{Press} at the cloud provider. No one has to sign in again.`}`,
  entra("AADSTS7000218", see(ADMIN, REGISTRATION.secrets, APP.newSecret))`
    Microsoft expects a secret or a certificate, but none was sent.
    The provider has no credential, or a proxy removed it from the request.
    ${updateSecret`{Press} at the cloud provider.`}`,
  entra("AADSTS700025", see(TENANT_ADMIN, REGISTRATION.authentication, APP.showRedirectUris))`
    The registration is a public client, which may not use a secret.
    The redirect URI is registered under Mobile and desktop applications.
    Move Postkey's redirect URI to the platform Web in the registration.`,
  entra("AADSTS700027", CERTIFICATE)`
    Microsoft does not accept the signature made with the certificate.
    The registration does not have this certificate, or the private key does not match it.
    Upload the public part of this certificate under Certificates & secrets.
    Check that the private key in Postkey belongs to it.`,
  entra("AADSTS700030", CERTIFICATE)`
    The certificate's subject is not one that the registration allows.
    The registration trusts certificates by their subject name, and this one has a different name.
    Use the certificate that the registration names, or register this one.`,
  entra("AADSTS50012", CERTIFICATE)`
    The certificate is not accepted.
    It has expired, its chain is not trusted, or its thumbprint is computed differently.
    Check that the certificate is still valid.
    Upload its public part under Certificates & secrets once more.`,
  entra(["AADSTS50013", "AADSTS50027"], CERTIFICATE, { who: "postkey_administrator" })`
    The proof made with the certificate is malformed or for another recipient.
    The provider's cloud is the wrong one, or the clock of this server is off.
    ${editProvider`Check that the provider's cloud is the right one.`}
    ${SET_CLOCK}`,
  entra("AADSTS500133", see(CERTIFICATE, NETWORK.showClock), {
    who: "postkey_administrator",
    retry: "yes",
  })`
    The proof made with the certificate was out of date when it arrived.
    The clock of this server is wrong, or the request was held up for minutes.
    ${SET_CLOCK}
    ${wait`Wait. Postkey retries with a new proof.`}`,
  entra("AADSTS70021", FEDERATED)`
    No federated credential of the application fits the token.
    Issuer, subject and audience of the token have to be registered exactly as they are.
    Compare issuer, subject and audience with the registration's federated credentials.
    Add or correct the federated credential, and prove it again.`,
  entra("AADSTS700211", FEDERATED)`
    The token's issuer is not the one that the registration trusts.
    The federated credential names another issuer than the one that made the token.
    Enter the token's issuer in the federated credential, slash at the end included.`,
  entra("AADSTS700212", FEDERATED)`
    The token is for another audience than the registration expects.
    The usual audience is api://AzureADTokenExchange.
    Have the token issued for the audience of the federated credential.`,
  entra("AADSTS700213", FEDERATED)`
    The token's subject is not the one that the registration trusts.
    The federated credential names another service account, branch or identity.
    Enter the token's subject in the federated credential. Every character counts.`,
  entra("AADSTS700024", see(FEDERATED, NETWORK.showClock), { who: "postkey_administrator" })`
    The application's proof has expired, or is not valid yet.
    It is valid for minutes, counted by Microsoft's clock; a token from a file ends if nothing renews it.
    Synchronise the clock of this server (NTP).
    With a token from a file, check when that was last written: the program that writes it has to renew it.`,
];
