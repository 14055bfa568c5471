import { DIRECTORY } from "./commands";
import { TENANT } from "./portal";
import type { Written } from "./remedy";
import { MICROSOFT } from "./services";
import { editProvider, signIn, updateSecret, wait } from "./steps";

const REFRESH_TOKENS = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";

/** Refusals that mean something else than their number says, by what was asked for; and odd replies. */
export const TOKEN_REQUEST_REMEDIES: readonly Written[] = [
  {
    id: "postkey.refresh_token_unknown",
    service: MICROSOFT,
    title: "The identity platform does not know the stored sign-in.",
    cause: "The refresh token belongs to another application, tenant or cloud, or was damaged.",
    steps: [
      signIn`{Press} and sign in again.`,
      editProvider`Check that Application Id, Tenant Id and cloud of the provider were not changed.`,
    ],
    who: "mailbox_owner",
    retry: "reauth",
    source: REFRESH_TOKENS,
  },
  {
    id: "postkey.code_unknown",
    service: MICROSOFT,
    title: "The identity platform does not know the code that the browser brought.",
    cause: "It was cut or changed on the way, or belongs to another application.",
    steps: [
      signIn`{Press}[ and finish the sign-in in one go].`,
      "Check that no proxy shortens addresses.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
    source: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
  },
  {
    id: "postkey.grant_refused",
    title: "The identity platform no longer accepts the sign-in, and does not say why.",
    cause: "The sign-in was revoked, has expired, or someone has to answer a question on a page.",
    steps: [
      signIn`{Press} and sign in again.`,
      "If it happens again, look for the time below in the platform's own sign-in log.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
    source: "https://www.rfc-editor.org/rfc/rfc6749#section-5.2",
  },
  {
    id: "postkey.client_refused",
    title: "The identity platform refuses this application, and does not say why.",
    cause:
      "Its secret or certificate is wrong, it was switched off, or it may not sign people in this way.",
    steps: [
      editProvider`Check application ID, tenant ID and cloud of the provider.`,
      updateSecret`Press Update Client Secret at the cloud provider if the secret may be an old one.`,
      "Check in the registration that it is enabled and allows this kind of sign-in.",
    ],
    source: "https://www.rfc-editor.org/rfc/rfc6749#section-5.2",
  },
  {
    id: "postkey.request_refused",
    title: "The identity platform refused the request for a reason that Postkey does not know yet.",
    cause: "Its own words are shown with the error, and stand in Postkey's log.",
    steps: [
      "Look these words up in the documentation of the platform.",
      editProvider`Check application ID, tenant ID and cloud of the provider.`,
      "Give the platform's support the words, the ids and the time.",
    ],
    isUnknown: true,
    source: "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1",
  },
  {
    id: "postkey.workload_policy",
    service: MICROSOFT,
    title: "A policy of the tenant does not let this application in from this server.",
    cause:
      "Conditional Access for workload identities looks at the network that a request is from.",
    steps: [
      "Find the sign-in under Service principal sign-ins in the Entra sign-in log. It names the policy.",
      "Add the public address of this server to the named locations that the policy allows.",
    ],
    who: "tenant_administrator",
    isPolicy: true,
    link: TENANT.policies,
    command: DIRECTORY.signInsOfApp,
    source: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  },
  {
    id: "postkey.token_reply_cut_off",
    title: "The identity platform's answer ended early.",
    cause: "The connection was closed too early, usually by a proxy or a firewall in between.",
    steps: [
      wait`Wait. Postkey retries automatically, and keeps the tokens that it has.`,
      "If it continues, let {signInHost} through without inspection.",
    ],
    retry: "yes",
    source: null,
  },
];
