import { randomUUID } from "node:crypto";
import { findMailbox, findUser } from "../directory";
import { FAULTS, type Place } from "../fault-catalogue";
import { type FaultOptions, UnknownFaultError } from "../faults";
import { json, type WebResponse } from "../http";
import { issueRefreshToken, revokeSignIn } from "../identity/grants";
import { identityEndpoint, mintForeignToken } from "../identity/instance";
import { controlPage, secretPage } from "../pages/control";
import { exchangePage, runScript } from "../pages/exchange";
import { seeOther } from "../pages/html";
import { findRegistration, type Platform } from "../platform";
import {
  APPLICATION_PERMISSIONS,
  addCertificate,
  createSecret,
  currentSecret,
  MAIN_CLIENT_ID,
  type Registration,
  WORKLOAD_SUBJECT,
} from "../registrations";
import type { ControlRequest } from "./control-request";

type Answer = (platform: Platform, control: ControlRequest) => WebResponse;

const PLACES: readonly Place[] = ["authorize", "token", "graph", "imap", "pop3", "smtp"];
const MAX_GRANTS = 10_000;

/** The control page and its HTTP API; forms get a redirect back, programs get JSON. */
export const CONTROL_ROUTES: readonly [method: "GET" | "POST", path: RegExp, answer: Answer][] = [
  ["GET", /^\/$/, controlPage],
  ["POST", /^\/faults(?:\/([^/]+))?$/, switchFault],
  ["GET", /^\/requests$/, ({ requests }) => json(200, requests.report())],
  ["GET", /^\/registrations$/, listRegistrations],
  ["POST", /^\/reset$/, reset],
  ["POST", /^\/messages$/, sendMessage],
  ["POST", /^\/registrations\/([^/]+)\/secrets$/, ofRegistration(addSecret)],
  [
    "POST",
    /^\/registrations\/([^/]+)\/secrets\/([^/]+)\/(expire|delete)$/,
    ofRegistration(endSecret),
  ],
  ["POST", /^\/registrations\/([^/]+)\/certificates$/, ofRegistration(uploadCertificate)],
  ["POST", /^\/registrations\/([^/]+)\/permissions$/, ofRegistration(grantPermissions)],
  ["GET", /^\/exchange$/, () => exchangePage()],
  ["POST", /^\/exchange$/, runScript],
  ["POST", /^\/registrations\/([^/]+)\/public-client$/, ofRegistration(switchPublicClient)],
  ["GET", /^\/instance\/identity$/, (platform, { request }) => identityEndpoint(platform, request)],
  ["POST", /^\/instance\/tokens$/, foreignToken],
  ["POST", /^\/users\/([^/]+)\/revoke$/, revoke],
  ["POST", /^\/users\/([^/]+)\/grants$/, addGrants],
];

function switchFault({ faults }: Platform, control: ControlRequest): WebResponse {
  const { body } = control.request;
  const id = control.parameters[0] ?? `raise:${body.get("number")?.trim() ?? ""}`;
  try {
    if (id === "all") faults.clearAll();
    else if (body.get("on") === "false") faults.clear(id);
    else faults.set(id, readFaultOptions(body));
  } catch (error) {
    if (error instanceof UnknownFaultError) return json(404, { error: error.message });
    throw error;
  }
  const anchor = FAULTS.some((fault) => fault.id === id) ? `fault-${id}` : "faults";
  return done(control, anchor);
}

function readFaultOptions(body: URLSearchParams): FaultOptions {
  const seconds = positive(body.get("seconds"));
  const times = positive(body.get("times"));
  const mailbox = body.get("mailbox")?.trim();
  const at = PLACES.find((place) => place === body.get("at"));
  return {
    ...(seconds ? { seconds } : {}),
    ...(times ? { times } : {}),
    ...(mailbox ? { mailbox } : {}),
    ...(at ? { at } : {}),
  };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

function listRegistrations({ state, now }: Platform): WebResponse {
  const shown = state.data.registrations.map((each) => ({
    ...each,
    clientSecret: currentSecret(each, now())?.value,
  }));
  return json(200, shown);
}

function reset(_platform: Platform, control: ControlRequest): WebResponse {
  control.context.reset();
  return done(control, "top");
}

function sendMessage({ mail }: Platform, control: ControlRequest): WebResponse {
  const { body } = control.request;
  const field = (name: string) => body.get(name)?.trim() ?? "";
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(field("from")) || !findMailbox(field("to")))
    return json(400, { error: "Give a sender address and one of the sandbox's mailboxes." });
  mail.send({
    from: field("from"),
    to: field("to"),
    subject: field("subject") || "(no subject)",
    text: body.get("text") ?? "",
  });
  return done(control, "messages");
}

type OfRegistration = (
  platform: Platform,
  registration: Registration,
  control: ControlRequest,
) => WebResponse;

function ofRegistration(answer: OfRegistration): Answer {
  return (platform, control) => {
    const registration = findRegistration(platform, control.parameters[0] ?? "");
    if (!registration) return notFound("application");
    const answered = answer(platform, registration, control);
    platform.state.save();
    return answered;
  };
}

function addSecret({ now }: Platform, registration: Registration, control: ControlRequest) {
  const secret = createSecret(now());
  registration.secrets.push(secret);
  return wantsHtml(control) ? secretPage(registration, secret) : json(201, secret);
}

function endSecret({ now }: Platform, registration: Registration, control: ControlRequest) {
  const [, id, action] = control.parameters;
  const secret = registration.secrets.find((each) => each.id === id);
  if (!secret) return notFound("client secret");
  if (action === "expire") secret.expiresAt = now() - 1000;
  else registration.secrets = registration.secrets.filter((each) => each !== secret);
  return done(control, "applications");
}

function uploadCertificate(_: Platform, registration: Registration, control: ControlRequest) {
  try {
    addCertificate(registration, control.request.body.get("certificate") ?? "");
  } catch {
    return json(400, { error: "That is not a certificate in PEM form." });
  }
  return done(control, "applications");
}

/** Of a form whose `granted` are those that stay. */
function grantPermissions(_: Platform, registration: Registration, control: ControlRequest) {
  const granted = control.request.body.getAll("granted");
  registration.applicationPermissions = APPLICATION_PERMISSIONS.filter((name) =>
    granted.includes(name),
  );
  return done(control, "applications");
}

function switchPublicClient(_: Platform, registration: Registration, control: ControlRequest) {
  registration.isPublicClient = control.request.body.get("on") === "true";
  return done(control, "applications");
}

function revoke(platform: Platform, control: ControlRequest): WebResponse {
  const user = findUser(control.parameters[0] ?? "");
  if (!user) return notFound("user");
  revokeSignIn(platform, user);
  return done(control, "mailboxes");
}

/**
 * Refresh tokens as if a person who agreed had signed in so many times, for tests that need thousands: of people
 * `<object id>.<tenant id>`, with blanks between them.
 */
function addGrants(platform: Platform, control: ControlRequest): WebResponse {
  const user = findUser(control.parameters[0] ?? "");
  if (!user) return notFound("user");
  const grant = { oid: user.oid, clientId: MAIN_CLIENT_ID, scopes: [] };
  const people = (control.request.body.get("people") ?? "").split(" ").slice(0, MAX_GRANTS);
  const refreshTokens = people.map((person) => {
    const [oid = "", tenantId = ""] = person.split(".");
    return issueRefreshToken(platform, { ...grant, as: { oid, tenantId }, familyId: randomUUID() });
  });
  return json(201, { refreshTokens });
}

/** For tests that write the file that an application reads. */
function foreignToken(platform: Platform, { request }: ControlRequest): WebResponse {
  const subject = request.body.get("subject") ?? WORKLOAD_SUBJECT;
  return json(201, { token: mintForeignToken(platform, subject) });
}

function notFound(what: string): WebResponse {
  return json(404, { error: `There is no such ${what}.` });
}

function wantsHtml({ request }: ControlRequest): boolean {
  return request.headers.accept?.includes("text/html") ?? false;
}

function done(control: ControlRequest, anchor: string): WebResponse {
  return wantsHtml(control) ? seeOther(`/#${anchor}`) : json(200, {});
}
