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
  entra(["AADSTS7000215", "AADSTS70002"], see(ADMIN, REGISTRATION.secrets, APP.newSecret), {
    title: "The client secret is wrong.",
    cause:
      "The secret's id was pasted instead of its value, or the secret was replaced at Microsoft.",
    steps: [
      "Create a new secret in the registration and copy the column Value. It is shown only once.",
      updateSecret`{Press} at the cloud provider.`,
    ],
  }),
  entra("AADSTS7000222", see(TENANT_ADMIN, REGISTRATION.secrets, APP.newSecret), {
    title: "The client secret has expired.",
    cause: "Client secrets last at most 24 months.",
    steps: [
      "Create a new secret in the registration and copy the column Value.",
      updateSecret`{Press} at the cloud provider. No one has to sign in again.`,
    ],
  }),
  entra("AADSTS7000218", see(ADMIN, REGISTRATION.secrets, APP.newSecret), {
    title: "Microsoft expects a secret or a certificate, but none was sent.",
    cause: "The provider has no credential, or a proxy removed it from the request.",
    steps: [updateSecret`{Press} at the cloud provider.`],
  }),
  entra("AADSTS700025", see(TENANT_ADMIN, REGISTRATION.authentication, APP.showRedirectUris), {
    title: "The registration is a public client, which may not use a secret.",
    cause: "The redirect URI is registered under Mobile and desktop applications.",
    steps: ["Move Postkey's redirect URI to the platform Web in the registration."],
  }),
  entra("AADSTS700027", CERTIFICATE, {
    title: "Microsoft does not accept the signature made with the certificate.",
    cause: "The registration does not have this certificate, or the private key does not match it.",
    steps: [
      "Upload the public part of this certificate under Certificates & secrets.",
      "Check that the private key in Postkey belongs to it.",
    ],
  }),
  entra("AADSTS700030", CERTIFICATE, {
    title: "The certificate's subject is not one that the registration allows.",
    cause:
      "The registration trusts certificates by their subject name, and this one has a different name.",
    steps: ["Use the certificate that the registration names, or register this one."],
  }),
  entra("AADSTS50012", CERTIFICATE, {
    title: "The certificate is not accepted.",
    cause: "It has expired, its chain is not trusted, or its thumbprint is computed differently.",
    steps: [
      "Check that the certificate is still valid.",
      "Upload its public part under Certificates & secrets once more.",
    ],
  }),
  entra(["AADSTS50013", "AADSTS50027"], CERTIFICATE, {
    title: "The proof made with the certificate is malformed or for another recipient.",
    cause: "The provider's cloud is the wrong one, or the clock of this server is off.",
    steps: [editProvider`Check that the provider's cloud is the right one.`, SET_CLOCK],
    who: "postkey_administrator",
  }),
  entra("AADSTS500133", see(CERTIFICATE, NETWORK.showClock), {
    title: "The proof made with the certificate was out of date when it arrived.",
    cause: "The clock of this server is wrong, or the request was held up for minutes.",
    steps: [SET_CLOCK, wait`Wait. Postkey retries with a new proof.`],
    who: "postkey_administrator",
    retry: "yes",
  }),
  entra("AADSTS70021", FEDERATED, {
    title: "No federated credential of the application fits the token.",
    cause: "Issuer, subject and audience of the token have to be registered exactly as they are.",
    steps: [
      "Compare issuer, subject and audience with the registration's federated credentials.",
      "Add or correct the federated credential, and prove it again.",
    ],
  }),
  entra("AADSTS700211", FEDERATED, {
    title: "The token's issuer is not the one that the registration trusts.",
    cause: "The federated credential names another issuer than the one that made the token.",
    steps: ["Enter the token's issuer in the federated credential, slash at the end included."],
  }),
  entra("AADSTS700212", FEDERATED, {
    title: "The token is for another audience than the registration expects.",
    cause: "The usual audience is api://AzureADTokenExchange.",
    steps: ["Have the token issued for the audience of the federated credential."],
  }),
  entra("AADSTS700213", FEDERATED, {
    title: "The token's subject is not the one that the registration trusts.",
    cause: "The federated credential names another service account, branch or identity.",
    steps: ["Enter the token's subject in the federated credential. Every character counts."],
  }),
  entra("AADSTS700024", see(FEDERATED, NETWORK.showClock), {
    title: "The application's proof has expired, or is not valid yet.",
    cause:
      "It is valid for minutes, counted by Microsoft's clock; a token from a file ends if nothing renews it.",
    steps: [
      "Synchronise the clock of this server (NTP).",
      "With a token from a file, check when that was last written: the program that writes it has to renew it.",
    ],
    who: "postkey_administrator",
  }),
];
