import { APP, NETWORK } from "./commands";
import type { EntraRow } from "./entra-row";
import { REGISTRATION } from "./portal";

const FEDERATED = {
  who: "tenant_administrator",
  retry: "after_fix",
  link: REGISTRATION.secrets,
  command: APP.listFederated,
  source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
} as const;

/** The token of another issuer with which the application proves itself, and device codes. */
export const ENTRA_FEDERATION: readonly EntraRow[] = [
  {
    ...FEDERATED,
    codes: ["AADSTS70021"],
    title: "No federated credential of the application fits the token.",
    cause: "Issuer, subject and audience of the token have to be registered exactly as they are.",
    steps: [
      "Compare issuer, subject and audience with the registration's federated credentials.",
      "Add or correct the federated credential, and prove it again.",
    ],
  },
  {
    ...FEDERATED,
    codes: ["AADSTS700211"],
    title: "The token's issuer is not the one that the registration trusts.",
    cause: "The federated credential names another issuer than the one that made the token.",
    steps: ["Enter the token's issuer in the federated credential, slash at the end included."],
  },
  {
    ...FEDERATED,
    codes: ["AADSTS700212"],
    title: "The token is for another audience than the registration expects.",
    cause: "The usual audience is api://AzureADTokenExchange.",
    steps: ["Have the token issued for the audience of the federated credential."],
  },
  {
    ...FEDERATED,
    codes: ["AADSTS700213"],
    title: "The token's subject is not the one that the registration trusts.",
    cause: "The federated credential names another service account, branch or identity.",
    steps: ["Enter the token's subject in the federated credential. Every character counts."],
  },
  {
    ...FEDERATED,
    codes: ["AADSTS700024"],
    title: "The application's proof has expired, or is not valid yet.",
    cause:
      "It is valid for minutes, counted by Microsoft's clock; a token from a file ends if nothing renews it.",
    steps: [
      "Synchronise the clock of this server (NTP).",
      "With a token from a file, check when that was last written: the program that writes it has to renew it.",
    ],
    who: "postkey_administrator",
    command: NETWORK.showClock,
  },
];
