import http, { type ClientRequest, type IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { z } from "zod";
import { SECOND_MS } from "@/lib/kernel/clock";
import { singleton } from "@/lib/kernel/singleton";
import { isUnfinishedJson } from "@/lib/kernel/text/parse-json";
import { lookupAllowed, requireAllowedLiteral } from "./addresses";
import {
  type EgressPolicy,
  EgressRefusal,
  mayBePlain,
  mayUseHttpsPort,
  placeOfUrl,
} from "./policy";
import { withoutSent } from "./sent-secrets";
import { configuredTrust } from "./trust";

export type HttpsRequest = {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** False: sent once, on a new connection. */
  isRepeatable?: boolean;
  /** Of the answer's body. */
  maxBytes?: number;
  /** False: only the status and the headers matter. */
  readsBody?: (status: number) => boolean;
};

export type HttpsReply = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** RFC 6749 §4: decides what a refusal means. */
  grant?: string;
  /** RFC 6749 §3.3 */
  askedScope?: string;
  /** Confidential: quotes of the body must not contain it. */
  sent?: readonly string[];
};

/** Codes: Node's, EgressRefusal's, DEADLINE, TOO_LARGE, CUT_OFF, KEPT_CLOSED, KEPT_SILENT. */
export class HttpsError extends Error {
  override readonly name = "HttpsError";
  readonly networkCode: string;
  /** False: no byte of the request left this machine. */
  hasLeft = true;

  constructor(networkCode: string, options?: ErrorOptions) {
    super(`No usable answer (${networkCode}).`, options);
    this.networkCode = networkCode;
  }
}
/** A firewall may have forgotten the connection. */
const KEPT_SILENT_MS = 6 * SECOND_MS;
const MAX_BODY_BYTES = 256 * 1024;

/**
 * The only way out over https. The deadline covers the whole body; redirects are not followed,
 * because they would hand a secret to another host. After a dead kept connection the request is
 * sent once more. Refusals hold no secrets of the request; other quotes are cleaned by the caller
 * (`sent`).
 * @throws HttpsError
 */
export async function requestHttps(
  input: HttpsRequest,
  policy: EgressPolicy,
  deadlineMs = 15 * SECOND_MS,
): Promise<HttpsReply> {
  const reply = await sendOnceOrTwice(input, { policy, deadlineMs });
  if (isCutOff(reply)) throw new HttpsError("CUT_OFF");
  const form = new URLSearchParams(input.body);
  const [grant, askedScope] = [form.get("grant_type"), form.get("scope")];
  return {
    ...withoutSent({ ...input, form }, reply),
    ...(grant !== null && { grant }),
    ...(askedScope !== null && { askedScope }),
  };
}

async function sendOnceOrTwice(input: HttpsRequest, sending: Sending): Promise<HttpsReply> {
  if (input.isRepeatable === false) return sendOnce(input, sending);
  try {
    return await sendOnce(input, { ...sending, keptSilentMs: KEPT_SILENT_MS });
  } catch (error) {
    if (!(error instanceof HttpsError && /^KEPT_/.test(error.networkCode))) throw error;
    dropIdle();
    return sendOnce(input, sending);
  }
}

type Sending = {
  policy: EgressPolicy;
  deadlineMs: number;
  /** Until an answer begins; absent: no special limit. */
  keptSilentMs?: number;
};

async function sendOnce(input: HttpsRequest, sending: Sending): Promise<HttpsReply> {
  let deadline: NodeJS.Timeout | undefined;
  let hasLeft = false;
  try {
    return await new Promise((done, fail) => {
      const outgoing = exchange(input, sending, { done, fail });
      whenOpen(outgoing, () => {
        hasLeft = true;
      });
      // An AbortSignal would add a third to the cost.
      deadline = setTimeout(() => {
        fail(new HttpsError("DEADLINE"));
        outgoing.destroy();
      }, sending.deadlineMs);
    });
  } catch (error) {
    throw Object.assign(asHttpsError(error), { hasLeft });
  } finally {
    clearTimeout(deadline);
  }
}

type Settled = { done: (reply: HttpsReply) => void; fail: (error: unknown) => void };

function exchange(input: HttpsRequest, { policy, keptSilentMs }: Sending, { done, fail }: Settled) {
  const outgoing = open(input, policy);
  const begun = expectOnKept(outgoing, keptSilentMs);
  outgoing.on("error", (error: NodeJS.ErrnoException) => {
    begun();
    const wasIdle = outgoing.reusedSocket && error.code === "ECONNRESET";
    fail(wasIdle ? new HttpsError("KEPT_CLOSED", { cause: error }) : error);
  });
  outgoing.on("response", (response) => {
    begun();
    const { statusCode: status = 0, headers } = response;
    const answer = (body: string) => done({ status, headers: flatten(headers), body });
    if (input.readsBody?.(status) ?? true) readBody(response, input.maxBytes).then(answer, fail);
    else {
      answer("");
      response.destroy();
    }
  });
  return outgoing.end(input.body);
}

function whenOpen(outgoing: ClientRequest, opened: () => void): void {
  outgoing.once("socket", (socket) => {
    if (outgoing.reusedSocket) opened();
    else socket.once(outgoing.protocol === "https:" ? "secureConnect" : "connect", opened);
  });
}

/** @throws EgressRefusal, HttpsError PLAIN_REFUSED */
function open(
  { url: address, method, headers = {}, isRepeatable = true }: HttpsRequest,
  policy: EgressPolicy,
): ClientRequest {
  const url = new URL(address);
  const place = placeOfUrl(url);
  const isPlain = url.protocol !== "https:";
  if (isPlain && !mayBePlain(place, policy)) throw new HttpsError("PLAIN_REFUSED");
  requireAllowedLiteral(place, policy);
  if (!mayUseHttpsPort(place, policy)) throw new EgressRefusal("PORT_REFUSED");
  const options = { method, headers, lookup: lookupAllowed(place, policy) };
  if (isPlain) return http.request(url, { ...options, agent: plainConnection() });
  return request(url, { ...options, agent: isRepeatable ? keptConnections() : ownConnection() });
}

/** A refresh costs 2.3 ms on a kept connection, 3.2 ms without (loopback). */
function keptConnections(): Agent {
  const options = { keepAlive: true, maxSockets: 128 };
  return singleton("https-kept", () => new Agent({ ...options, secureContext: configuredTrust() }));
}

/** For requests whose outcome must be known: a kept connection may be dead. */
function ownConnection(): Agent {
  const options = { keepAlive: false };
  return singleton("https-own", () => new Agent({ ...options, secureContext: configuredTrust() }));
}

/** Only for webhooks and the machine's own endpoint. */
function plainConnection(): http.Agent {
  return singleton("http-plain", () => new http.Agent({ keepAlive: false }));
}

/** The cause probably hit all idle connections. */
function dropIdle(): void {
  for (const idle of Object.values(keptConnections().freeSockets).flat()) idle?.destroy();
}

/** @throws HttpsError TOO_LARGE, CUT_OFF; Node's errors */
function readBody(response: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        fail(new HttpsError("TOO_LARGE"));
        response.destroy();
      }
    });
    response.on("error", (cause) => {
      fail(response.complete ? cause : new HttpsError("CUT_OFF", { cause }));
    });
    response.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
  });
}

function asHttpsError(error: unknown): HttpsError {
  if (error instanceof HttpsError) return error;
  const { data } = z.object({ code: z.string() }).safeParse(error);
  return new HttpsError(data?.code ?? "UNKNOWN", { cause: error });
}

/** @returns call it when the answer begins, or never will */
function expectOnKept(outgoing: ClientRequest, silentMs: number | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  outgoing.once("socket", () => {
    if (silentMs === undefined || !outgoing.reusedSocket) return;
    timer = setTimeout(() => {
      outgoing.destroy(new HttpsError("KEPT_SILENT"));
    }, silentMs);
  });
  return () => clearTimeout(timer);
}

/** Content-Length matched, but the body was cut before. */
function isCutOff({ status, body }: HttpsReply): boolean {
  return status >= 200 && status <= 299 && isUnfinishedJson(body);
}

function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = ""]) => [name, [value].flat().join(", ")]),
  );
}

/** OpenSSL's and Node's codes; ERR_SSL_ is what the other side said. */
export function isOfCertificate(networkCode: string): boolean {
  if (networkCode.startsWith("ERR_SSL_")) return false;
  return /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/.test(
    networkCode,
  );
}

/** Something answered wrongly: no TLS, no HTTP, too much, or a TLS alert. */
export function isOfAnswer(networkCode: string): boolean {
  return /^(EPROTO$|ERR_SSL_(?!.*ALERT)|HPE_|TOO_LARGE$)/.test(networkCode);
}
