import { APP } from "./commands";
import { entra, PASSES, see } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, again, editProvider, NO_PROXY, STAY_SIGNED_IN } from "./steps";

const FAULT = see({ retry: "no" }, REGISTRATION.overview);
const REPORT = "If it happens again, report it with the trace id shown with the error.";

const HEALTH = "If it continues, look at the service health page of Microsoft 365.";

export const ENTRA_REQUEST = [
  entra(["AADSTS900144", "AADSTS90014"], FAULT, {
    source: "https://github.com/moriyoshi/sasl-xoauth2/issues/89",
  })`
    A part of the request to Microsoft was missing.
    Something between Postkey and Microsoft removed a field, or Postkey did not send it.
    ${NO_PROXY}
    ${AGAIN}
    ${REPORT}`,
  entra("AADSTS9002313", see(FAULT, REGISTRATION.secrets, APP.listSecrets))`
    Microsoft could not read the request.
    A value in it is damaged. Most often a secret was pasted with a space.
    Enter the client secret once more, without spaces around it.
    ${AGAIN}
    ${REPORT}`,
  entra(["AADSTS50147", "AADSTS501491"], FAULT)`
    The proof key of the sign-in has the wrong size.
    Postkey creates a new one for each sign-in. Something on the way cut the address short.
    ${AGAIN}
    Check that no proxy shortens addresses.
    ${REPORT}`,
  entra(["AADSTS700054", "AADSTS70005", "AADSTS70007"], see(FAULT, REGISTRATION.authentication))`
    The request asked for a kind of answer that this application may not get.
    Postkey asks only for a code. Another program made a request with the same application.
    Start the sign-in with Authenticate in Postkey, not with a saved link.
    ${REPORT}`,
  entra("AADSTS70003", FAULT)`
    The request named a kind of grant that does not exist.
    Something between Postkey and Microsoft changed the request, or Postkey has a fault.
    ${NO_PROXY}
    ${REPORT}`,
  entra("AADSTS7000114", FAULT)`
    The application may not act on behalf of another application.
    Postkey never asks for that. Another program uses the same application id.
    Give Postkey an application of its own, and enter its ids and its secret.
    ${REPORT}`,
  entra("AADSTS700229", see(FAULT, REGISTRATION.secrets), { retry: "after_fix" })`
    The application's proof is a person's token.
    A federated credential takes tokens of applications and of machines only.
    Have the token in the file issued for a workload, not for a signed-in person.`,
  entra("AADSTS67003", see(FAULT, REGISTRATION.secrets), { retry: "after_fix" })`
    The application's proof does not belong to a service.
    The federated credential was used with the token of another kind of identity.
    Register the identity that issues the token as a federated credential.`,
  entra("AADSTS50146", see(FAULT, ENTERPRISE.overview), {
    who: "tenant_administrator",
    retry: "after_fix",
  })`
    The application needs a signing key of its own.
    The registration maps claims, and Microsoft signs such tokens with a key of the app.
    Set acceptMappedClaims to true in the registration's manifest, or give it a signing key.
    Or remove the custom claims of the application.`,
  entra("AADSTS900384", FAULT)`
    Microsoft could not verify the signature of a token that was sent along.
    The token was damaged on the way, or comes from another cloud.
    ${editProvider`Check that the provider's cloud is the right one.`}
    ${NO_PROXY}
    ${REPORT}`,
  entra("AADSTS1002016", FAULT, { retry: "after_fix" })`
    Microsoft refused the connection because its encryption is too old.
    Postkey uses TLS 1.2 or later. A proxy on the way to Microsoft speaks an older version.
    Have the proxy use TLS 1.2 or later.
    Or let this server reach Microsoft's sign-in host without that proxy.`,
  entra("AADSTS901002", FAULT)`
    Something added a field to the request that this endpoint does not know.
    It is named resource, and Postkey never sends it.
    ${NO_PROXY}
    ${REPORT}`,
  entra("AADSTS90100", FAULT)`
    A value in the request to Microsoft was empty.
    Something between Postkey and Microsoft emptied it, or the provider lacks a value.
    ${editProvider`Check Application Id and Tenant Id of the provider.`}
    ${NO_PROXY}
    ${REPORT}`,
  entra("AADSTS90056", FAULT)`
    The request went to the wrong address of Microsoft.
    The authority of the cloud has an extra path, or a proxy rewrites it.
    For a cloud of your own, correct its authority in the file of POSTKEY_CLOUDS_FILE.
    ${REPORT}`,
  entra("AADSTS90055", PASSES)`
    Microsoft is limiting requests.
    There were too many requests for this tenant in a short time.
    ${STAY_SIGNED_IN}
    Find out which other programs ask for tokens in this tenant if it lasts.`,
  entra(["AADSTS50033", "AADSTS90024", "AADSTS90006", "AADSTS90012"], PASSES)`
    The identity platform has a temporary fault.
    Something inside Microsoft's sign-in service failed for a moment.
    ${STAY_SIGNED_IN}
    ${HEALTH}`,
  entra(["AADSTS90033", "AADSTS90090"], PASSES)`
    Microsoft's directory is out of reach at the moment.
    The sign-in service could not look the account or the application up.
    ${STAY_SIGNED_IN}
    ${HEALTH}`,
  entra("AADSTS70012", PASSES)`
    Microsoft could not sign the personal account in just now.
    The service for personal accounts has a temporary fault.
    ${STAY_SIGNED_IN}
    ${HEALTH}`,
  entra("AADSTS80002", see(PASSES, TENANT.signIns), { who: "tenant_administrator" })`
    The on-premises password check took too long.
    The tenant's pass-through agents or its directory did not respond to Microsoft in time.
    ${again`{Press} in some minutes.`}
    Have an administrator look at the pass-through authentication agents.`,
  entra("AADSTS50000", PASSES)`
    Microsoft could not issue the token because of a fault of its own.
    The part of the service that issues tokens failed.
    ${STAY_SIGNED_IN}
    If it continues, give Microsoft's support the trace id shown with the error.`,
];
