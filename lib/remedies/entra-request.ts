import { APP } from "./commands";
import { entra, PASSES, see } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { AGAIN, again, editProvider, NO_PROXY, STAY_SIGNED_IN } from "./steps";

const FAULT = see({ retry: "no" }, REGISTRATION.overview);
const REPORT = "If it happens again, report it with the trace id shown with the error.";

const HEALTH = "If it continues, look at the service health page of Microsoft 365.";

export const ENTRA_REQUEST = [
  entra(["AADSTS900144", "AADSTS90014"], FAULT, {
    title: "A part of the request to Microsoft was missing.",
    cause: "Something between Postkey and Microsoft removed a field, or Postkey did not send it.",
    steps: [NO_PROXY, AGAIN, REPORT],
    source: "https://github.com/moriyoshi/sasl-xoauth2/issues/89",
  }),
  entra("AADSTS9002313", see(FAULT, REGISTRATION.secrets, APP.listSecrets), {
    title: "Microsoft could not read the request.",
    cause: "A value in it is damaged. Most often a secret was pasted with a space.",
    steps: ["Enter the client secret once more, without spaces around it.", AGAIN, REPORT],
  }),
  entra(["AADSTS50147", "AADSTS501491"], FAULT, {
    title: "The proof key of the sign-in has the wrong size.",
    cause:
      "Postkey creates a new one for each sign-in. Something on the way cut the address short.",
    steps: [AGAIN, "Check that no proxy shortens addresses.", REPORT],
  }),
  entra(["AADSTS700054", "AADSTS70005", "AADSTS70007"], see(FAULT, REGISTRATION.authentication), {
    title: "The request asked for a kind of answer that this application may not get.",
    cause:
      "Postkey asks only for a code. Another program made a request with the same application.",
    steps: ["Start the sign-in with Authenticate in Postkey, not with a saved link.", REPORT],
  }),
  entra("AADSTS70003", FAULT, {
    title: "The request named a kind of grant that does not exist.",
    cause: "Something between Postkey and Microsoft changed the request, or Postkey has a fault.",
    steps: [NO_PROXY, REPORT],
  }),
  entra("AADSTS7000114", FAULT, {
    title: "The application may not act on behalf of another application.",
    cause: "Postkey never asks for that. Another program uses the same application id.",
    steps: ["Give Postkey an application of its own, and enter its ids and its secret.", REPORT],
  }),
  entra("AADSTS700229", see(FAULT, REGISTRATION.secrets), {
    title: "The application's proof is a person's token.",
    cause: "A federated credential takes tokens of applications and of machines only.",
    steps: ["Have the token in the file issued for a workload, not for a signed-in person."],
    retry: "after_fix",
  }),
  entra("AADSTS67003", see(FAULT, REGISTRATION.secrets), {
    title: "The application's proof does not belong to a service.",
    cause: "The federated credential was used with the token of another kind of identity.",
    steps: ["Register the identity that issues the token as a federated credential."],
    retry: "after_fix",
  }),
  entra("AADSTS50146", see(FAULT, ENTERPRISE.overview), {
    title: "The application needs a signing key of its own.",
    cause: "The registration maps claims, and Microsoft signs such tokens with a key of the app.",
    steps: [
      "Set acceptMappedClaims to true in the registration's manifest, or give it a signing key.",
      "Or remove the custom claims of the application.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  }),
  entra("AADSTS900384", FAULT, {
    title: "Microsoft could not verify the signature of a token that was sent along.",
    cause: "The token was damaged on the way, or comes from another cloud.",
    steps: [editProvider`Check that the provider's cloud is the right one.`, NO_PROXY, REPORT],
  }),
  entra("AADSTS1002016", FAULT, {
    title: "Microsoft refused the connection because its encryption is too old.",
    cause:
      "Postkey uses TLS 1.2 or later. A proxy on the way to Microsoft speaks an older version.",
    steps: [
      "Have the proxy use TLS 1.2 or later.",
      "Or let this server reach Microsoft's sign-in host without that proxy.",
    ],
    retry: "after_fix",
  }),
  entra("AADSTS901002", FAULT, {
    title: "Something added a field to the request that this endpoint does not know.",
    cause: "It is named resource, and Postkey never sends it.",
    steps: [NO_PROXY, REPORT],
  }),
  entra("AADSTS90100", FAULT, {
    title: "A value in the request to Microsoft was empty.",
    cause: "Something between Postkey and Microsoft emptied it, or the provider lacks a value.",
    steps: [editProvider`Check Application Id and Tenant Id of the provider.`, NO_PROXY, REPORT],
  }),
  entra("AADSTS90056", FAULT, {
    title: "The request went to the wrong address of Microsoft.",
    cause: "The authority of the cloud has an extra path, or a proxy rewrites it.",
    steps: [
      "For a cloud of your own, correct its authority in the file of POSTKEY_CLOUDS_FILE.",
      REPORT,
    ],
  }),
  entra("AADSTS90055", PASSES, {
    title: "Microsoft is limiting requests.",
    cause: "There were too many requests for this tenant in a short time.",
    steps: [
      STAY_SIGNED_IN,
      "Find out which other programs ask for tokens in this tenant if it lasts.",
    ],
  }),
  entra(["AADSTS50033", "AADSTS90024", "AADSTS90006", "AADSTS90012"], PASSES, {
    title: "The identity platform has a temporary fault.",
    cause: "Something inside Microsoft's sign-in service failed for a moment.",
    steps: [STAY_SIGNED_IN, HEALTH],
  }),
  entra(["AADSTS90033", "AADSTS90090"], PASSES, {
    title: "Microsoft's directory is out of reach at the moment.",
    cause: "The sign-in service could not look the account or the application up.",
    steps: [STAY_SIGNED_IN, HEALTH],
  }),
  entra("AADSTS70012", PASSES, {
    title: "Microsoft could not sign the personal account in just now.",
    cause: "The service for personal accounts has a temporary fault.",
    steps: [STAY_SIGNED_IN, HEALTH],
  }),
  entra("AADSTS80002", see(PASSES, TENANT.signIns), {
    title: "The on-premises password check took too long.",
    cause:
      "The tenant's pass-through agents or its directory did not respond to Microsoft in time.",
    steps: [
      again`{Press} in some minutes.`,
      "Have an administrator look at the pass-through authentication agents.",
    ],
    who: "tenant_administrator",
  }),
  entra("AADSTS50000", PASSES, {
    title: "Microsoft could not issue the token because of a fault of its own.",
    cause: "The part of the service that issues tokens failed.",
    steps: [
      STAY_SIGNED_IN,
      "If it continues, give Microsoft's support the trace id shown with the error.",
    ],
  }),
];
