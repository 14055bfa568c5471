import { DIRECTORY } from "./commands";
import { ADMIN, entry, OWNER_SIGNS_IN, PASSES, rfc, see, TENANT_ADMIN } from "./entry";
import { TENANT } from "./portal";
import type { Written } from "./remedy";
import { MICROSOFT } from "./services";
import {
  editProvider,
  ONE_GO,
  RETRIED,
  SIGN_IN_AGAIN,
  STAY_SIGNED_IN,
  TEST,
  updateSecret,
  wait,
} from "./steps";

export const PLATFORM_REMEDIES: readonly Written[] = [
  entry("postkey.identity_platform_unreachable", PASSES)`
    The identity platform cannot be reached.
    The network, the name server or a firewall keeps this machine from reaching the platform's sign-in servers.
    Allow outgoing HTTPS to {signInHost}.
    Check the network.
    ${STAY_SIGNED_IN}`,
  entry("postkey.platform_port_refused", ADMIN)`
    Postkey does not connect to this port of an identity platform.
    Only the standard port 443 is allowed for platforms that are not preset.
    Open the cloud provider, choose Edit, and enter its hosts without a port.
    If the platform really uses another port, have the operator list its host in POSTKEY_PRIVATE_HOSTS.`,
  entry("postkey.identity_platform_throttled", PASSES)`
    The identity platform is limiting requests.
    There were too many requests for this tenant in a short time.
    ${wait`Wait. Postkey tries again when the platform allows it.`}`,
  entry("postkey.identity_platform_pause", PASSES)`
    The identity platform asked Postkey to wait, and tokens expired in the meantime.
    It limits how often one application asks for tokens in one tenant. Postkey waits as long as it was told to (Retry-After).
    ${wait`Wait. The provider's page says when Postkey asks again; the first answer ends the wait for all.`}
    Find out what else uses this application id and asks for tokens too often.
    To find out sooner, choose Renew now in the menu of a mailbox on the provider's page.`,
  entry("postkey.renewals_overdue", PASSES)`
    Postkey did not renew these tokens in time.
    Its keeper was not running or was overloaded. The identity platform was not asked, so it did not fail.
    ${wait`Wait a few minutes. When a keeper is back, it renews the longest overdue tokens first.`}
    If the number does not fall, ask /api/health whether a keeper is running, and start Postkey again.`,
  entry("postkey.identity_platform_unavailable", PASSES)`
    The identity platform has a fault of its own.
    The platform's sign-in servers answered that they cannot serve at the moment.
    ${RETRIED}
    If it continues, look at the platform's service health page.`,
  entry("postkey.platform_certificate", PASSES)`
    Postkey does not trust the certificate of the platform's server.
    Something in your network inspects TLS, or the certificate has expired, or it is for another host.
    If your network inspects TLS, name the certificate of its authority in POSTKEY_CA_FILE and start Postkey again.
    Otherwise let the hosts of the provider's cloud through without inspection.
    ${RETRIED}`,
  entry("postkey.malformed_token_response", PASSES)`
    The answer did not come from the identity platform.
    A proxy or a sign-in page of the network is in between.
    Let {signInHost} through without inspection.
    ${TEST}`,
];

export const MACHINE_REMEDIES: readonly Written[] = [
  entry("postkey.token_file_not_allowed", ADMIN)`
    Postkey may not read this token file.
    Only files in the directories that the operator named are read.
    Add the directory of the file to POSTKEY_FEDERATED_TOKEN_DIRS and restart Postkey.
    Or use the file that AZURE_FEDERATED_TOKEN_FILE names.`,
  entry("postkey.machine_token_elsewhere", ADMIN)`
    Postkey uses a credential of this machine only at the hosts of a configured cloud.
    Anyone who can enter hosts could otherwise have a federated token or a managed identity's token sent to a server of their own.
    Remove the provider's own hosts, or use a client secret or a certificate.
    Or have the operator describe these hosts as a cloud, in POSTKEY_CLOUDS_FILE.`,
  entry("postkey.token_file_unreadable", PASSES)`
    The token file cannot be read, or holds no token.
    It is missing, too large, or not a signed token (JWT).
    Check the path, and that Postkey's user may read the file.
    Check that the token is projected into the container.
    ${RETRIED}`,
  entry("postkey.managed_identity_unreachable", PASSES)`
    No identity endpoint answers on this machine.
    Postkey does not run on Azure, or no managed identity is assigned to the machine.
    Assign a managed identity to the machine or the app, and try again.
    Let Postkey reach 169.254.169.254 without a proxy.
    ${RETRIED}`,
  entry("postkey.managed_identity_refused", ADMIN)`
    The identity endpoint of this machine returned no token.
    The client id does not belong to an identity that is assigned to this machine.
    Check the identity's client id, or leave it empty for the machine's own identity.`,
];

const REFRESH_TOKENS = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";

export const TOKEN_REQUEST_REMEDIES: readonly Written[] = [
  entry("postkey.refresh_token_unknown", see(OWNER_SIGNS_IN, REFRESH_TOKENS), {
    service: MICROSOFT,
  })`
    The identity platform does not know the stored sign-in.
    The refresh token belongs to another application, tenant or cloud, or was damaged.
    ${SIGN_IN_AGAIN}
    ${editProvider`Check that Application Id, Tenant Id and cloud of the provider were not changed.`}`,
  entry("postkey.code_unknown", OWNER_SIGNS_IN, {
    service: MICROSOFT,
    source: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
  })`
    The identity platform does not know the code that the browser brought.
    It was cut or changed on the way, or belongs to another application.
    ${ONE_GO}
    Check that no proxy shortens addresses.`,
  entry("postkey.grant_refused", see(OWNER_SIGNS_IN, rfc("6749#section-5.2")))`
    The identity platform no longer accepts the sign-in, and does not say why.
    The sign-in was revoked, has expired, or someone has to answer a question on a page.
    ${SIGN_IN_AGAIN}
    If it happens again, look for the time below in the platform's own sign-in log.`,
  entry("postkey.client_refused", see(ADMIN, rfc("6749#section-5.2")))`
    The identity platform refuses this application, and does not say why.
    Its secret or certificate is wrong, it was switched off, or it may not sign people in this way.
    ${editProvider`Check application ID, tenant ID and cloud of the provider.`}
    ${updateSecret`{Press} at the cloud provider if the secret may be an old one.`}
    Check in the registration that it is enabled and allows this kind of sign-in.`,
  entry("postkey.request_refused", see(ADMIN, rfc("6749#section-4.1.2.1")), { isUnknown: true })`
    The identity platform refused the request for a reason that Postkey does not know yet.
    Its own words are shown with the error, and stand in Postkey's log.
    Look these words up in the documentation of the platform.
    ${editProvider`Check application ID, tenant ID and cloud of the provider.`}
    Give the platform's support the words, the ids and the time.`,
  entry("postkey.workload_policy", see(TENANT_ADMIN, TENANT.policies, DIRECTORY.signInsOfApp), {
    service: MICROSOFT,
    isPolicy: true,
    source: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
  })`
    A policy of the tenant does not let this application in from this server.
    Conditional Access for workload identities looks at the network that a request is from.
    Find the sign-in under Service principal sign-ins in the Entra sign-in log. It names the policy.
    Add the public address of this server to the named locations that the policy allows.`,
  entry("postkey.token_reply_cut_off", { ...PASSES, source: null })`
    The identity platform's answer ended early.
    The connection was closed too early, usually by a proxy or a firewall in between.
    ${wait`Wait. Postkey retries automatically, and keeps the tokens that it has.`}
    If it continues, let {signInHost} through without inspection.`,
];
