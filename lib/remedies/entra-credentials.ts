import { APP, NETWORK } from "./commands";
import { ADMIN, entra, see, TENANT_ADMIN } from "./entry";
import { REGISTRATION } from "./portal";
import { editProvider, SET_CLOCK, updateSecret, wait } from "./steps";

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

export const ENTRA_CREDENTIALS = [
  entra(["AADSTS7000215", "AADSTS70002"], see(ADMIN, REGISTRATION.secrets, APP.newSecret))`
    The client secret is wrong.
    The secret's id was pasted instead of its value, or the secret was replaced at Microsoft.
    Create a new secret in the registration and copy the column Value. It is shown only once.
    ${updateSecret`{Press} at the cloud provider.`}`,
  entra("AADSTS7000222", see(TENANT_ADMIN, REGISTRATION.secrets, APP.newSecret))`
    The client secret has expired.
    Client secrets last at most 24 months.
    Create a new secret in the registration and copy the column Value.
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
