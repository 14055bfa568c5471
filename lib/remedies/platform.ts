import type { Written } from "./remedy";
import { test, wait } from "./steps";

/** An identity platform that cannot be asked, or answers with nothing that helps. */
export const PLATFORM_REMEDIES: readonly Written[] = [
  {
    id: "postkey.identity_platform_unreachable",
    title: "The identity platform cannot be reached.",
    cause:
      "The network, the name server or a firewall keeps this machine from reaching the platform's sign-in servers.",
    steps: [
      "Allow outgoing HTTPS to {signInHost}.",
      "Check the network.",
      wait`Wait. Postkey retries automatically, and the mailboxes stay signed in.`,
    ],
    retry: "yes",
  },
  {
    id: "postkey.platform_port_refused",
    title: "Postkey does not connect to this port of an identity platform.",
    cause: "Only the standard port 443 is allowed for platforms that are not preset.",
    steps: [
      "Open the cloud provider, choose Edit, and enter its hosts without a port.",
      "If the platform really uses another port, have the operator list its host in POSTKEY_PRIVATE_HOSTS.",
    ],
  },
  {
    id: "postkey.identity_platform_throttled",
    title: "The identity platform asks to slow down.",
    cause: "There were too many requests for this tenant in a short time.",
    steps: [wait`Wait. Postkey tries again when the platform allows it.`],
    retry: "yes",
  },
  {
    id: "postkey.identity_platform_pause",
    title: "The identity platform asked Postkey to wait, and tokens expired in the meantime.",
    cause:
      "It limits how often one application asks for tokens in one tenant. Postkey waits as long as it was told to (Retry-After).",
    steps: [
      wait`Wait. The provider's page says when Postkey asks again; the first answer ends the wait for all.`,
      "Find out what else uses this application id and asks for tokens too often.",
      "To find out sooner, choose Renew now in the menu of a mailbox on the provider's page.",
    ],
    retry: "yes",
  },
  {
    id: "postkey.renewals_overdue",
    title: "Postkey did not renew these tokens in time.",
    cause:
      "Its keeper was not running or was overloaded. The identity platform was not asked, so it did not fail.",
    steps: [
      wait`Wait a few minutes. When a keeper is back, it renews the longest overdue tokens first.`,
      "If the number does not fall, ask /api/health whether a keeper is running, and start Postkey again.",
    ],
    retry: "yes",
  },
  {
    id: "postkey.identity_platform_unavailable",
    title: "The identity platform has a fault of its own.",
    cause: "The platform's sign-in servers answered that they cannot serve at the moment.",
    steps: [
      wait`Wait. Postkey retries automatically.`,
      "If it continues, look at the platform's service health page.",
    ],
    retry: "yes",
  },
  {
    id: "postkey.platform_certificate",
    title: "Postkey does not trust the certificate of the platform's server.",
    cause:
      "Something in your network inspects TLS, or the certificate has expired, or it is for another host.",
    steps: [
      "If your network inspects TLS, name the certificate of its authority in POSTKEY_CA_FILE and start Postkey again.",
      "Otherwise let the hosts of the provider's cloud through without inspection.",
      wait`Wait. Postkey retries automatically.`,
    ],
    retry: "yes",
  },
  {
    id: "postkey.malformed_token_response",
    title: "The answer did not come from the identity platform.",
    cause: "A proxy or a sign-in page of the network is in between.",
    steps: ["Let {signInHost} through without inspection.", test`{Press}.`],
    retry: "yes",
  },
];
