import { randomUUID } from "node:crypto";
import { findMailbox, findUser, type User } from "../directory";
import { FAULTS, type Place } from "../fault-catalogue";
import { type FaultOptions, UnknownFaultError } from "../faults";
import { json, type WebResponse } from "../http";
import { issueRefreshToken, revokeSignIn, withdrawConsents } from "../identity/grants";
import { identityEndpoint, mintForeignToken } from "../identity/instance";
import { controlPage } from "../pages/control";
import { seeOther } from "../pages/html";
import { secretPage } from "../pages/secret";
import type { Platform } from "../platform";
import {
  addCertificate,
  type ClientSecret,
  createSecret,
  currentSecret,
  MAIN_CLIENT_ID,
  type Registration,
  WORKLOAD_SUBJECT,
} from "../registrations";
import type { ControlRequest } from "./control-request";

interface ControlRoute {
  method: "GET" | "POST";
  pattern: RegExp;
  answer: (platform: Platform, control: ControlRequest) => WebResponse;
}

const PLACES: readonly Place[] = ["authorize", "token", "graph", "imap", "pop3", "smtp"];
const MAX_SECRET_DAYS = 730;
const MAX_GRANTS = 10_000;

/** The control page and its HTTP API; forms get a redirect back, programs get JSON. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  { method: "GET", pattern: /^\/$/, answer: controlPage },
  { method: "GET", pattern: /^\/faults$/, answer: ({ faults }) => json(200, faults.list()) },
  { method: "POST", pattern: /^\/faults\/([^/]+)$/, answer: switchFault },
  { method: "POST", pattern: /^\/faults$/, answer: switchFault },
  {
    method: "GET",
    pattern: /^\/requests$/,
    answer: ({ requests }) => json(200, requests.report()),
  },
  { method: "GET", pattern: /^\/registrations$/, answer: listRegistrations },
  { method: "POST", pattern: /^\/reset$/, answer: reset },
  { method: "POST", pattern: /^\/messages$/, answer: sendMessage },
  { method: "POST", pattern: /^\/registrations\/([^/]+)\/secrets$/, answer: addSecret },
  {
    method: "POST",
    pattern: /^\/registrations\/([^/]+)\/secrets\/([^/]+)\/(expire|delete)$/,
    answer: endSecret,
  },
  {
    method: "POST",
    pattern: /^\/registrations\/([^/]+)\/certificates$/,
    answer: uploadCertificate,
  },
  {
    method: "GET",
    pattern: /^\/instance\/identity$/,
    answer: (platform, { request }) => identityEndpoint(platform, request),
  },
  {
    method: "POST",
    pattern: /^\/registrations\/([^/]+)\/public-client$/,
    answer: switchPublicClient,
  },
  { method: "POST", pattern: /^\/instance\/tokens$/, answer: foreignToken },
  { method: "POST", pattern: /^\/users\/([^/]+)\/(revoke|withdraw-consent)$/, answer: changeUser },
  { method: "POST", pattern: /^\/users\/([^/]+)\/grants$/, answer: addGrants },
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
  return done(control, anchor, { id, faults: faults.list() });
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
  const { registrations } = state.data;
  return json(
    200,
    registrations.map(({ secrets, certificates, ...shown }) => ({
      ...shown,
      clientSecret: currentSecret({ ...shown, secrets, certificates }, now())?.value,
      certificates: certificates.length,
    })),
  );
}

function reset(_platform: Platform, control: ControlRequest): WebResponse {
  control.context.reset();
  return done(control, "top", { reset: true });
}

function sendMessage({ mail }: Platform, control: ControlRequest): WebResponse {
  const { body } = control.request;
  const field = (name: string) => body.get(name)?.trim() ?? "";
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(field("from")) || !findMailbox(field("to")))
    return json(400, { error: "Give a sender address and one of the sandbox's mailboxes." });
  const delivered = mail.send({
    from: field("from"),
    to: field("to"),
    subject: field("subject") || "(no subject)",
    text: body.get("text") ?? "",
  });
  return done(control, "messages", { delivered });
}

function addSecret(platform: Platform, control: ControlRequest): WebResponse {
  const registration = findRegistration(platform, control);
  if (!registration) return notFound("application");
  const days = positive(control.request.body.get("days")) ?? 180;
  const secret = createSecret(platform.now(), Math.min(days, MAX_SECRET_DAYS));
  registration.secrets.push(secret);
  platform.state.save();
  return wantsHtml(control) ? secretPage(registration, secret) : json(201, secretView(secret));
}

function endSecret(platform: Platform, control: ControlRequest): WebResponse {
  const registration = findRegistration(platform, control);
  const [, secretId, action] = control.parameters;
  const secret = registration?.secrets.find((candidate) => candidate.id === secretId);
  if (!registration || !secret) return notFound("client secret");
  if (action === "expire") secret.expiresAt = platform.now() - 1000;
  else registration.secrets = registration.secrets.filter((candidate) => candidate !== secret);
  platform.state.save();
  return done(control, "applications", { id: secret.id, action });
}

function uploadCertificate(platform: Platform, control: ControlRequest): WebResponse {
  const registration = findRegistration(platform, control);
  if (!registration) return notFound("application");
  try {
    addCertificate(registration, control.request.body.get("certificate") ?? "");
  } catch {
    return json(400, { error: "That is not a certificate in PEM form." });
  }
  platform.state.save();
  return done(control, "applications", { certificates: registration.certificates.length });
}

const USER_ACTIONS: Readonly<Record<string, (platform: Platform, user: User) => void>> = {
  revoke: revokeSignIn,
  "withdraw-consent": withdrawConsents,
};

function changeUser(platform: Platform, control: ControlRequest): WebResponse {
  const [address = "", action = ""] = control.parameters;
  const user = findUser(address);
  if (!user) return notFound("user");
  USER_ACTIONS[action]?.(platform, user);
  return done(control, "mailboxes", { user: user.address, action });
}

/** Refresh tokens as if a person who agreed had signed in so many times, for tests that need thousands. */
function addGrants(platform: Platform, control: ControlRequest): WebResponse {
  const user = findUser(control.parameters[0] ?? "");
  if (!user) return notFound("user");
  const people = readPeople(control.request.body.get("people") ?? "");
  const grant = { oid: user.oid, clientId: MAIN_CLIENT_ID, scopes: [] };
  const refreshTokens = people
    .slice(0, MAX_GRANTS)
    .map((as) => issueRefreshToken(platform, { ...grant, as, familyId: randomUUID() }));
  return json(201, { refreshTokens });
}

/** `<object id>.<tenant id>`, with blanks between them. */
function readPeople(text: string): { oid: string; tenantId: string }[] {
  return text.split(" ").map((person) => {
    const [oid = "", tenantId = ""] = person.split(".");
    return { oid, tenantId };
  });
}

function switchPublicClient(platform: Platform, control: ControlRequest): WebResponse {
  const registration = findRegistration(platform, control);
  if (!registration) return notFound("application");
  registration.isPublicClient = control.request.body.get("on") === "true";
  platform.state.save();
  return done(control, "applications", { isPublicClient: registration.isPublicClient });
}

/** For tests that write the file that an application reads. */
function foreignToken(platform: Platform, { request }: ControlRequest): WebResponse {
  const field = (name: string) => request.body.get(name) ?? undefined;
  const {
    subject = WORKLOAD_SUBJECT,
    audience,
    issuer,
    minutes,
  } = {
    subject: field("subject"),
    audience: field("audience"),
    issuer: field("issuer"),
    minutes: field("minutes"),
  };
  const token = mintForeignToken(platform, {
    subject,
    ...(audience && { audience }),
    ...(issuer && { issuer }),
    ...(minutes && { minutes: Number(minutes) }),
  });
  return json(201, { token });
}

function findRegistration({ state }: Platform, control: ControlRequest): Registration | undefined {
  const clientId = control.parameters[0]?.toLowerCase();
  return state.data.registrations.find((candidate) => candidate.clientId === clientId);
}

function secretView(secret: ClientSecret) {
  return {
    id: secret.id,
    value: secret.value,
    expiresAt: new Date(secret.expiresAt).toISOString(),
  };
}

function notFound(what: string): WebResponse {
  return json(404, { error: `There is no such ${what}.` });
}

function wantsHtml({ request }: ControlRequest): boolean {
  return request.headers.accept?.includes("text/html") ?? false;
}

function done(control: ControlRequest, anchor: string, value: object): WebResponse {
  return wantsHtml(control) ? seeOther(`/#${anchor}`) : json(200, value);
}
