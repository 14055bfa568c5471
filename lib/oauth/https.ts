import { lookup as dnsLookup } from "node:dns";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { createSecureContext, rootCertificates } from "node:tls";
import { SECOND_MS } from "@/lib/clock";
import { env } from "@/lib/env";
import { isPublicAddress } from "@/lib/mail/egress";
import { singleton } from "@/lib/singleton";
import { configuredClouds } from "./configured-clouds";
import { isUnfinishedJson } from "./parse-json";
import { withoutSent } from "./sent-secrets";

export type HttpsRequest = {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** False for what must not be done twice. */
  isRepeatable?: boolean;
};

export type HttpsReply = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** `grant_type` of the request (RFC 6749 §4): the same refusal means something else for another. */
  grant?: string;
  /** What the request said in confidence: nothing of it is in what is quoted of the body. */
  sent?: readonly string[];
};

/** No usable answer. `networkCode` is Node's own code, or one of ours: DEADLINE, TOO_LARGE, CUT_OFF. */
export class HttpsError extends Error {
  override readonly name = "HttpsError";
  readonly networkCode: string;

  constructor(networkCode: string, options?: ErrorOptions) {
    super(`No usable answer (${networkCode}).`, options);
    this.networkCode = networkCode;
  }
}

const DEADLINE_MS = 15 * SECOND_MS;
const MAX_BODY_BYTES = 256 * 1024;

/**
 * One request to an identity platform. The deadline covers everything to the last byte of the body,
 * redirects are never followed (a redirected token request would hand the secret to another host),
 * and the answer is bounded. A connection that the server closed while it was idle is tried once more.
 * A refusal holds nothing of what the request said in confidence; whoever quotes any other body takes it
 * out (`sent`).
 *
 * @throws HttpsError
 */
export async function sendHttps(
  input: HttpsRequest,
  deadlineMs = DEADLINE_MS,
): Promise<HttpsReply> {
  const signal = AbortSignal.timeout(deadlineMs);
  const reply = await sendOnceOrTwice(input, signal);
  if (isCutOff(reply)) throw new HttpsError("CUT_OFF");
  const grant = new URLSearchParams(input.body).get("grant_type");
  return { ...withoutSent(input, reply), ...(grant !== null && { grant }) };
}

async function sendOnceOrTwice(input: HttpsRequest, signal: AbortSignal): Promise<HttpsReply> {
  try {
    return await sendOnce(input, signal);
  } catch (error) {
    const wasIdle = error instanceof HttpsError && error.networkCode === "REUSED_SOCKET_CLOSED";
    if (wasIdle && input.isRepeatable !== false) return sendOnce(input, signal);
    throw error;
  }
}

function sendOnce({ url, method, headers, body }: HttpsRequest, signal: AbortSignal) {
  return new Promise<HttpsReply>((done, fail) => {
    const { hostname } = new URL(url);
    const options = { method, agent: agent(), signal, headers: headers ?? {} };
    if (isIP(literalOf(hostname)) !== 0 && !mayReach(hostname, literalOf(hostname)))
      return fail(new HttpsError("PRIVATE_ADDRESS"));
    const outgoing = request(url, { ...options, lookup: lookupAllowed });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const wasIdle = outgoing.reusedSocket && error.code === "ECONNRESET";
      const networkCode = signal.aborted ? "DEADLINE" : (error.code ?? "UNKNOWN");
      fail(new HttpsError(wasIdle ? "REUSED_SOCKET_CLOSED" : networkCode, { cause: error }));
    });
    outgoing.on("response", (response) => {
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

/** By its own length it came whole, but it was cut before that was counted. */
function isCutOff({ status, body }: HttpsReply): boolean {
  return status >= 200 && status <= 299 && isUnfinishedJson(body);
}

/**
 * Resolves a name to the addresses that may be connected to, and lets the connection use those: a name
 * that a form brought must not lead into the network of this server, whatever it resolves to later.
 */
const lookupAllowed: LookupFunction = (hostname, options, done) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, []);
    const allowed = found.filter(({ address }) => mayReach(hostname, address));
    const [first] = allowed;
    if (!first) return done(Object.assign(new Error("No address to use."), PRIVATE), []);
    if (options.all) return done(null, allowed);
    return done(null, first.address, first.family);
  });
};

const PRIVATE = { code: "PRIVATE_ADDRESS" };

/** Hosts of presets and those that the operator lists may stand inside the network. */
function mayReach(hostname: string, address: string): boolean {
  return isPublicAddress(address) || trustedHosts().has(hostname);
}

function trustedHosts(): ReadonlySet<string> {
  return singleton("identity-platform-hosts", () => {
    const origins = configuredClouds().flatMap(({ authority, graph, keysUrl }) => [
      authority,
      ...(graph ? [graph] : []),
      ...(keysUrl ? [keysUrl] : []),
    ]);
    return new Set([...origins.map((origin) => new URL(origin).hostname), ...env().privateHosts]);
  });
}

function literalOf(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/**
 * Connections are kept: a refresh costs 2.3 ms on one, 3.2 ms without (measured on loopback). The
 * certificates stand in a context that is made once: as a list of their own, Node compares all of them
 * with each request, for 15 % of a refresh.
 */
function agent(): Agent {
  return singleton("identity-platform-agent", () => {
    const extra = env().extraCaPem;
    const secureContext = createSecureContext({
      minVersion: "TLSv1.2",
      ...(extra && { ca: [...rootCertificates, extra] }),
    });
    return new Agent({ keepAlive: true, maxSockets: 128, secureContext });
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
