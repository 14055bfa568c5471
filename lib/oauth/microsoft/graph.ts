import { z } from "zod";
import { HttpsError, type HttpsReply, isOfAnswer, isOfCertificate } from "@/lib/egress/https";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { readJson } from "@/lib/kernel/text/parse-json";
import { parseRetryAfter, sendHttps } from "../https";
import { type OAuthFailure, oauthFailure } from "../oauth-failure";
import type { ListedSecret, MadeSecret, OwnSecrets, Registration } from "../service";
import { acquireGraphToken } from "./client";
import { graphOrigin } from "./mail-tokens";

type GraphApplication = { address: string; accessToken: string };

/** @throws OAuthFailure also graph.not_in_cloud */
export async function openOwnSecrets(registration: Registration): Promise<OwnSecrets> {
  const application = await openGraphApplication(registration);
  return {
    proveOwnership: () => proveOwnership(application),
    list: () => listPasswords(application),
    add: (wanted) => addPassword(application, wanted),
    remove: (keyId) => removePassword(application, keyId),
  };
}

export async function openGraphApplication(registration: Registration): Promise<GraphApplication> {
  const { clientId } = registration;
  const origin = graphOrigin(registration);
  const accessToken = await acquireGraphToken(registration, origin);
  const address = `${origin}/v1.0/applications(appId='${encodeURIComponent(clientId)}')`;
  return { address, accessToken };
}

const applicationSchema = z.object({
  passwordCredentials: z.array(
    z.object({ keyId: z.guid(), displayName: z.string().nullish().default(null) }),
  ),
});

/** https://learn.microsoft.com/graph/api/application-get @throws OAuthFailure */
export async function listPasswords(application: GraphApplication): Promise<ListedSecret[]> {
  const path = "?$select=id,passwordCredentials";
  const reply = await send(application, { method: "GET", path });
  return read(applicationSchema, reply).passwordCredentials;
}

const passwordSchema = z.object({
  keyId: z.guid(),
  secretText: z.string().min(1).max(512),
  endDateTime: z.string().pipe(z.coerce.date()),
});

/** Earlier secrets keep working: https://learn.microsoft.com/graph/api/application-addpassword */
export async function addPassword(
  application: GraphApplication,
  { displayName, expiresAt }: { displayName: string; expiresAt: Date },
): Promise<MadeSecret> {
  const passwordCredential = { displayName, endDateTime: expiresAt.toISOString() };
  const body = { passwordCredential };
  const reply = await send(application, { method: "POST", path: "/addPassword", body });
  const { endDateTime, ...made } = read(passwordSchema, reply);
  return { ...made, expiresAt: endDateTime };
}

const REMOVED = 204;
/** 400 on live tenants, 404 in the reference. */
const NOT_THERE = [400, 404];

/** https://learn.microsoft.com/graph/api/application-removepassword @throws OAuthFailure */
export async function removePassword(application: GraphApplication, keyId: string) {
  const request = { method: "POST", path: "/removePassword", body: { keyId } } as const;
  const reply = await send(application, request, NOT_THERE);
  if (reply.status === REMOVED) return true;
  // With Graph's own body: a proxy has these statuses too.
  if (NOT_THERE.includes(reply.status) && readJson(errorSchema, reply.body)) return false;
  throw oauthFailure("retry", "graph.malformed_answer", { status: reply.status });
}

/** Removes a secret that does not exist: Graph checks permissions first. @throws OAuthFailure */
export async function proveOwnership(application: GraphApplication): Promise<void> {
  await listPasswords(application);
  await removePassword(application, crypto.randomUUID());
}

async function send(
  { address, accessToken }: GraphApplication,
  { method, path, body }: { method: "GET" | "POST"; path: string; body?: object },
  accepted: readonly number[] = [],
): Promise<HttpsReply> {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    accept: "application/json",
    ...(body && { "content-type": "application/json" }),
  };
  // Repeated, it would make two secrets.
  const isRepeatable = path !== "/addPassword";
  const request = { url: `${address}${path}`, method, headers, isRepeatable };
  const reply = await sendHttps({ ...request, ...(body && { body: JSON.stringify(body) }) }).catch(
    (error: unknown) => {
      if (!(error instanceof HttpsError)) throw error;
      const { networkCode } = error;
      throw oauthFailure("retry", remedyOfNetwork(networkCode), { networkCode, cause: error });
    },
  );
  if ((reply.status >= 200 && reply.status < 300) || accepted.includes(reply.status)) return reply;
  throw classifyRefusal(reply, method);
}

function remedyOfNetwork(networkCode: string): string {
  if (isOfCertificate(networkCode)) return "postkey.platform_certificate";
  return isOfAnswer(networkCode) ? "graph.malformed_answer" : "graph.unreachable";
}

const errorSchema = z.object({ error: z.object({ code: z.string().min(1), message: z.string() }) });

/** https://learn.microsoft.com/graph/errors */
function classifyRefusal({ status, headers, body }: HttpsReply, method: string): OAuthFailure {
  const { code, message } = readJson(errorSchema, body)?.error ?? {};
  const requestId = headers["request-id"];
  const retryAfterMs = parseRetryAfter(headers["retry-after"]);
  const details = {
    status,
    ...(code && { error: foreignText(code) }),
    ...(message && { description: foreignText(message) }),
    ...(requestId && { correlationId: foreignText(requestId) }),
  };
  if (status === 429) return oauthFailure("retry", "graph.throttled", { ...details, retryAfterMs });
  if (status >= 500)
    return oauthFailure("retry", "graph.unavailable", { ...details, retryAfterMs });
  if (!code) return oauthFailure("retry", "graph.malformed_answer", details);
  return oauthFailure("fix_registration", remedyOf(status, code, method), details);
}

/** Reading needs the permission; changing itself also needs ownership of itself. */
function remedyOf(status: number, code: string, method: string): string {
  if (code.endsWith("AsPerAppPolicy")) return "graph.refused_by_policy";
  if (status === 401) return "graph.token_refused";
  if (status === 403) return method === "GET" ? "graph.permission_missing" : "graph.not_owner";
  return status === 404 ? "graph.application_not_found" : "graph.refused";
}

function read<S extends z.ZodType>(schema: S, { status, body }: HttpsReply): z.output<S> {
  const parsed = readJson(schema, body);
  // Without the cause: it would quote the body, which may hold a secret.
  if (!parsed) throw oauthFailure("retry", "graph.malformed_answer", { status });
  return parsed;
}
