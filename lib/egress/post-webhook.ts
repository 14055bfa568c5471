import "server-only";
import { createHmac } from "node:crypto";
import dns from "node:dns/promises";
import { type ClientRequest, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { rootCertificates } from "node:tls";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { foreignError } from "@/lib/kernel/text/foreign-text";
import { DeliveryError } from "./delivery-error";
import { isPublicAddress } from "./public-address";
import { isPrivateHostAllowed, literalHost } from "./webhook-target";

export type WebhookMessage = {
  /** The same for every attempt, so that a receiver can tell a repetition. */
  id: string;
  body: string;
  /** `whsec_` and base64. */
  secret: string;
};

/** For everything, to the status of the answer. */
const DEADLINE_MS = 10 * SECOND_MS;

/**
 * Posts a message as Standard Webhooks 1.0 says. Redirects are not followed and the body of the
 * answer is not read: it could tell what stands inside the network.
 *
 * @returns the status, in words
 * @throws DeliveryError
 */
export async function postWebhook(
  address: string,
  message: WebhookMessage,
  deadlineMs = DEADLINE_MS,
): Promise<string> {
  const url = new URL(address);
  const signal = AbortSignal.timeout(deadlineMs);
  const pinned = await within(resolvePublic(url), signal);
  const status = await send(url, { message, pinned, signal });
  if (status >= 200 && status < 300) return `Answered ${status}.`;
  if (status >= 300 && status < 400)
    throw new DeliveryError(`The address answered ${status}. Redirects are not followed.`);
  throw new DeliveryError(`The address answered ${status}.`);
}

type Address = { address: string; family: number };

/** Looked up once; the connection goes to what was looked at, and not to the name again. */
async function resolvePublic(url: URL): Promise<Address[]> {
  const host = literalHost(url);
  const isAllowed = isPrivateHostAllowed(host);
  if (url.protocol !== "https:" && !isAllowed)
    throw new DeliveryError("Alerts are sent over https only.");
  const found: Address[] =
    isIP(host) === 0
      ? await dns.lookup(host, { all: true }).catch((cause: unknown) => {
          throw new DeliveryError(`The name ${host} cannot be resolved.`, { cause });
        })
      : [{ address: host, family: isIP(host) }];
  if (!isAllowed && found.some(({ address }) => !isPublicAddress(address)))
    throw new DeliveryError(
      `${host} is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.`,
    );
  return found;
}

type Sending = { message: WebhookMessage; pinned: Address[]; signal: AbortSignal };

function send(url: URL, { message, pinned, signal }: Sending): Promise<number> {
  const { extraCaPem } = env();
  const options = {
    method: "POST",
    signal,
    agent: false,
    headers: webhookHeaders(message, wallTime()),
    lookup: answering(pinned),
    ...(extraCaPem && { ca: [...rootCertificates, extraCaPem] }),
  } as const;
  // An error of Node's may quote what was sent, and hold what came back.
  const secrets = secretsOf(url);
  return new Promise((done, fail) => {
    const outgoing: ClientRequest =
      url.protocol === "https:" ? requestHttps(url, options) : requestHttp(url, options);
    outgoing.on("error", (cause: NodeJS.ErrnoException) => {
      const reason = signal.aborted
        ? "did not respond in time"
        : `cannot be reached (${cause.code})`;
      fail(
        new DeliveryError(`The address ${reason}.`, { cause: foreignError(cause, { secrets }) }),
      );
    });
    outgoing.on("response", (response) => {
      done(response.statusCode ?? 0);
      response.destroy();
    });
    outgoing.end(message.body);
  });
}

/** What services put into an address to know who may call it: its path and query, and their parts. */
function secretsOf({ pathname, search }: URL): string[] {
  return [pathname, search].flatMap((part) => [part.slice(1), ...part.split(/[/?&=]/)]);
}

/** webhook-id, webhook-timestamp and webhook-signature over both and the body. */
export function webhookHeaders({ id, body, secret }: WebhookMessage, now: Date) {
  const timestamp = Math.floor(now.getTime() / 1_000).toString();
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body).toString(),
    "user-agent": "Postkey",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}

function answering(pinned: Address[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = pinned;
    if (options.all) done(null, pinned);
    else done(null, first?.address ?? "", first?.family ?? 4);
  };
}

function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    work.then(done, fail);
    signal.addEventListener("abort", () =>
      fail(new DeliveryError("The address did not respond in time.")),
    );
  });
}
