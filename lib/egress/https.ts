import { lookup as dnsLookup } from "node:dns";
import type { ClientRequest } from "node:http";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { createSecureContext, rootCertificates } from "node:tls";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { isUnfinishedJson } from "@/lib/kernel/text/parse-json";
import { type EgressPolicy, EgressRefusal, HTTPS_PORT, mayReach, mayUseHttpsPort } from "./policy";
import { withoutSent } from "./sent-secrets";

export type HttpsRequest = {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** False for what must not be done twice: it goes out once, on a connection of its own. */
  isRepeatable?: boolean;
};

export type HttpsReply = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** `grant_type` of the request (RFC 6749 §4): the same refusal means something else for another. */
  grant?: string;
  /** `scope` of the request (RFC 6749 §3.3). */
  askedScope?: string;
  /** What the request said in confidence: nothing of it is in what is quoted of the body. */
  sent?: readonly string[];
};

/**
 * No usable answer. `networkCode` is Node's own code, or one of ours: DEADLINE, TOO_LARGE, CUT_OFF, and
 * KEPT_CLOSED or KEPT_SILENT for what happened on a connection from before; and those of EgressRefusal.
 */
export class HttpsError extends Error {
  override readonly name = "HttpsError";
  readonly networkCode: string;

  constructor(networkCode: string, options?: ErrorOptions) {
    super(`No usable answer (${networkCode}).`, options);
    this.networkCode = networkCode;
  }
}

const DEADLINE_MS = 15 * SECOND_MS;
/** A kept connection on which no answer begins by then may be one that a firewall forgot. */
const KEPT_SILENT_MS = 6 * SECOND_MS;
const MAX_BODY_BYTES = 256 * 1024;

/**
 * One request. The deadline covers everything to the last byte of the body,
 * redirects are never followed (a redirected token request would hand the secret to another host),
 * and the answer is bounded. On a connection that was kept and that the server closed meanwhile, or that
 * is silent, it is sent once more, with the whole deadline.
 * A refusal holds nothing of what the request said in confidence; whoever quotes any other body takes it
 * out (`sent`).
 *
 * @throws HttpsError
 */
export async function requestHttps(
  input: HttpsRequest,
  policy: EgressPolicy,
  deadlineMs = DEADLINE_MS,
): Promise<HttpsReply> {
  const reply = await sendOnceOrTwice(input, { policy, deadlineMs });
  if (isCutOff(reply)) throw new HttpsError("CUT_OFF");
  const form = new URLSearchParams(input.body);
  const [grant, askedScope] = [form.get("grant_type"), form.get("scope")];
  return {
    ...withoutSent(input, reply),
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
  /** How long an answer on a kept connection may take to begin; absent: as long as on any other. */
  keptSilentMs?: number;
};

function sendOnce(
  { url, method, headers, body, isRepeatable = true }: HttpsRequest,
  { policy, deadlineMs, keptSilentMs }: Sending,
) {
  const signal = AbortSignal.timeout(deadlineMs);
  return new Promise<HttpsReply>((done, fail) => {
    const { hostname: host, port } = new URL(url);
    const place = { host, port: Number(port || HTTPS_PORT) };
    const literal = host.replace(/^\[(.*)\]$/, "$1");
    if (isIP(literal) !== 0 && !mayReach(place, literal, policy))
      return fail(new HttpsError("PRIVATE_ADDRESS"));
    if (!mayUseHttpsPort(place, policy)) return fail(new HttpsError("PORT_REFUSED"));
    const agent = isRepeatable ? keptConnections() : ownConnection();
    const options = { method, agent, signal, headers: headers ?? {} };
    const outgoing = request(url, { ...options, lookup: lookupAllowed(place, policy) });
    const begun = keptSilentMs === undefined ? () => {} : expectOnKept(outgoing, keptSilentMs);
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      begun();
      if (error instanceof HttpsError) return fail(error);
      const wasIdle = outgoing.reusedSocket && error.code === "ECONNRESET";
      const networkCode = signal.aborted ? "DEADLINE" : (error.code ?? "UNKNOWN");
      fail(new HttpsError(wasIdle ? "KEPT_CLOSED" : networkCode, { cause: error }));
    });
    outgoing.on("response", (response) => {
      begun();
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) chunks.push(chunk);
        else {
          fail(new HttpsError("TOO_LARGE"));
          response.destroy();
        }
      });
      response.on("error", (cause: NodeJS.ErrnoException) => {
        const networkCode = response.complete ? (cause.code ?? "UNKNOWN") : "CUT_OFF";
        fail(new HttpsError(signal.aborted ? "DEADLINE" : networkCode, { cause }));
      });
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          headers: flatten(response.headers),
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** What ended or silenced one kept connection has most likely done so to all that lie idle. */
function dropIdle(): void {
  for (const idle of Object.values(keptConnections().freeSockets).flat()) idle?.destroy();
}

/**
 * Gives up a request on a kept connection on which nothing comes.
 *
 * @returns what to call when the answer begins, or will never
 */
function expectOnKept(outgoing: ClientRequest, silentMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  outgoing.once("socket", () => {
    if (!outgoing.reusedSocket) return;
    timer = setTimeout(() => {
      outgoing.destroy(new HttpsError("KEPT_SILENT"));
    }, silentMs);
  });
  return () => clearTimeout(timer);
}

/** By its own length it came whole, but it was cut before that was counted. */
function isCutOff({ status, body }: HttpsReply): boolean {
  return status >= 200 && status <= 299 && isUnfinishedJson(body);
}

/**
 * Resolves a name to the addresses that may be connected to, and lets the connection use those: a name
 * that a form brought must not lead into the network of this server, whatever it resolves to later.
 */
function lookupAllowed(place: { host: string; port: number }, policy: EgressPolicy) {
  const lookup: LookupFunction = (hostname, options, done) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const allowed = found.filter(({ address }) => mayReach(place, address, policy));
      const [first] = allowed;
      if (!first) return done(new EgressRefusal("PRIVATE_ADDRESS"), []);
      if (options.all) return done(null, allowed);
      return done(null, first.address, first.family);
    });
  };
  return lookup;
}

/**
 * Connections are kept: a refresh costs 2.3 ms on one, 3.2 ms without (measured on loopback). The
 * certificates stand in a context that is made once: as a list of their own, Node compares all of them
 * with each request, for 15 % of a refresh.
 */
function keptConnections(): Agent {
  const { secureContext } = trust();
  return singleton(
    "https-kept",
    () => new Agent({ keepAlive: true, maxSockets: 128, secureContext }),
  );
}

/** For what must not go out on a connection that may be dead: nobody could say whether it was done. */
function ownConnection(): Agent {
  const { secureContext } = trust();
  return singleton("https-own", () => new Agent({ keepAlive: false, secureContext }));
}

function trust() {
  return singleton("https-trust", () => {
    const extra = env().extraCaPem;
    const secureContext = createSecureContext({
      minVersion: "TLSv1.2",
      ...(extra && { ca: [...rootCertificates, extra] }),
    });
    return { secureContext };
  });
}

function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}
