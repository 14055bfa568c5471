import type { Written } from "./remedy";
import { wait } from "./steps";

/** Where the credential is not stored here, but has to be had on this machine. */
export const MACHINE_REMEDIES: readonly Written[] = [
  {
    id: "postkey.token_file_not_allowed",
    title: "Postkey may not read this token file.",
    cause: "Only files in the directories that the operator named are read.",
    steps: [
      "Add the directory of the file to POSTKEY_FEDERATED_TOKEN_DIRS and restart Postkey.",
      "Or use the file that AZURE_FEDERATED_TOKEN_FILE names.",
    ],
  },
  {
    id: "postkey.machine_token_elsewhere",
    title: "Postkey uses a credential of this machine only at the hosts of a configured cloud.",
    cause:
      "Anyone who can enter hosts could otherwise have a federated token or a managed identity's token sent to a server of their own.",
    steps: [
      "Remove the provider's own hosts, or use a client secret or a certificate.",
      "Or have the operator describe these hosts as a cloud, in POSTKEY_CLOUDS_FILE.",
    ],
  },
  {
    id: "postkey.token_file_unreadable",
    title: "The token file cannot be read, or holds no token.",
    cause: "It is missing, too large, or not a signed token (JWT).",
    steps: [
      "Check the path, and that Postkey's user may read the file.",
      "Check that the token is projected into the container.",
      wait`Wait. Postkey retries automatically.`,
    ],
    retry: "yes",
  },
  {
    id: "postkey.managed_identity_unreachable",
    title: "No identity endpoint answers on this machine.",
    cause: "Postkey does not run on Azure, or no managed identity is assigned to the machine.",
    steps: [
      "Assign a managed identity to the machine or the app, and try again.",
      "Let Postkey reach 169.254.169.254 without a proxy.",
      wait`Wait. Postkey retries automatically.`,
    ],
    retry: "yes",
  },
  {
    id: "postkey.managed_identity_refused",
    title: "The identity endpoint of this machine returned no token.",
    cause: "The client id does not belong to an identity that is assigned to this machine.",
    steps: ["Check the identity's client id, or leave it empty for the machine's own identity."],
  },
];
