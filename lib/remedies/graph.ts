import { ADMIN, entry, PASSES, see, TENANT_ADMIN } from "./entry";
import { REGISTRATION } from "./portal";
import { editProvider, RETRIED, run, wait } from "./steps";

const SOURCE = "https://learn.microsoft.com/graph/api/application-addpassword";

/** Microsoft Graph, and Application.ReadWrite.OwnedBy */
const GRAPH_ID = "00000003-0000-0000-c000-000000000000";
const OWNED_BY_ID = "18a4783c-866b-4cc7-a460-3d5e5662c884";

const OWN_ITSELF = `az ad app owner add --id {clientId} --owner-object-id "$(az ad sp show --id {clientId} --query id --output tsv)"`;
const GRANT = `az ad app permission add --id {clientId} --api ${GRAPH_ID} --api-permissions ${OWNED_BY_ID}=Role
az ad app permission admin-consent --id {clientId}
${OWN_ITSELF}`;

export const GRAPH_REMEDIES = [
  entry("graph.permission_missing", see(TENANT_ADMIN, { shell: "Azure CLI", text: GRANT }), {
    link: REGISTRATION.permissions,
  })`
    The application lacks the permission to renew its own secret.
    It needs the application permission Application.ReadWrite.OwnedBy of Microsoft Graph, with admin consent, and has to be an owner of itself.
    ${run`Have a tenant administrator run {command}: it adds the permission, consents, and makes the application its own owner.`}
    Wait a minute for the change to reach all of Microsoft's servers, then try again.`,
  entry("graph.not_owner", see(TENANT_ADMIN, { shell: "Azure CLI", text: OWN_ITSELF }), {
    link: REGISTRATION.permissions,
  })`
    The application may read itself, but not change its own secrets.
    With Application.ReadWrite.OwnedBy an application changes only what it owns, and this one is not an owner of itself.
    ${run`Have a tenant administrator run {command}: it makes the application its own owner.`}
    Check that the permission is Application.ReadWrite.OwnedBy: Application.Read.All is not enough.
    Wait a minute for the change to reach all of Microsoft's servers, then try again.`,
  entry("graph.application_not_found", see(ADMIN, REGISTRATION.overview))`
    The app registration is not in this tenant.
    A secret can be renewed only in the tenant that the application was registered in.
    Enter the Tenant Id of the organisation that registered the application.
    Or switch the automatic renewal off and update the secret by hand.`,
  entry("graph.refused_by_policy", see(TENANT_ADMIN, REGISTRATION.secrets))`
    A policy of the tenant forbids this client secret.
    An app management policy allows no client secrets, or none that is valid for six months.
    Ask a tenant administrator for an exception for this application.
    Or switch the automatic renewal off and update the secret by hand.`,
  entry("graph.token_refused", ADMIN)`
    Microsoft Graph does not accept the token.
    It was revoked, the provider's cloud is the wrong one, or the application was just disabled. Postkey fetches another token next time.
    ${editProvider`Check the provider's cloud.`}
    Check in the tenant that the enterprise application is enabled for sign-in.`,
  entry("graph.unreachable", PASSES)`
    Microsoft Graph cannot be reached.
    The network, the name server or a firewall keeps this machine from reaching it.
    Allow outgoing HTTPS to the Graph host of the provider's cloud, such as graph.microsoft.com.
    Check the network.
    ${RETRIED}`,
  entry("graph.throttled", PASSES)`
    Microsoft Graph is limiting requests.
    There were too many requests for this tenant in a short time.
    ${wait`Wait. Postkey tries again when Microsoft allows it.`}`,
  entry("graph.unavailable", PASSES)`
    Microsoft Graph has a fault of its own.
    It answered that it cannot serve at the moment.
    ${RETRIED}
    If it continues, look at the service health page of Microsoft 365.`,
  entry("graph.malformed_answer", PASSES)`
    The answer did not come from Microsoft Graph.
    A proxy or a sign-in page of the network is in between.
    Let the Graph host of the provider's cloud through without inspection.`,
  entry("graph.refused", ADMIN)`
    Microsoft Graph refused to renew the client secret.
    Its reason is in Postkey's log.
    Update the client secret by hand.
    Send the part of the log around that time to the person who maintains Postkey.`,
  entry("graph.secret_not_accepted", PASSES)`
    The new client secret was not accepted within a day.
    Microsoft Graph created it, but the sign-in servers still refuse it. The old one stays in use.
    ${wait`Wait. Postkey removes it and creates another one.`}
    If it happens again, update the client secret by hand.`,
  entry("graph.not_in_cloud", ADMIN)`
    The provider's cloud has no Microsoft Graph address.
    The cloud is a preset of your own that leaves the address out.
    Add the address as graph to the preset in the file of POSTKEY_CLOUDS_FILE, and restart Postkey.`,
].map((row) => ({ ...row, source: SOURCE }));
