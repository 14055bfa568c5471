import { z } from "zod";
import { elapsed, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { singleton } from "@/lib/kernel/singleton";
import { parseJson } from "@/lib/kernel/text/parse-json";
import { OpenIdFailure } from "./failure";
import { sendOpenId } from "./send";

const SHARED_MS = 5 * SECOND_MS;

type Asking<T> = { answer: Promise<T>; endedAt: number | undefined };

/** Callers meanwhile, or just after a failure, share the answer: strangers can make Postkey ask. */
export class AskOnce<T> {
  readonly #asking = new Map<string, Asking<T>>();

  ask(key: string, fetch: () => Promise<T>): Promise<T> {
    const last = this.#asking.get(key);
    if (last && (last.endedAt === undefined || elapsed() - last.endedAt < SHARED_MS))
      return last.answer;
    const fresh: Asking<T> = { answer: fetch(), endedAt: undefined };
    this.#asking.set(key, fresh);
    const end = () => {
      fresh.endedAt = elapsed();
    };
    fresh.answer.then(end, end);
    return fresh.answer;
  }

  forget(key: string): void {
    this.#asking.delete(key);
  }
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const endpoint = z.url({ protocol: /^https$/ }).max(2_048);

/** Plain http only on this machine. */
const page = endpoint.or(z.url({ protocol: /^http$/, hostname: LOOPBACK }).max(2_048));

/** OpenID Connect Discovery §3 */
const metadataSchema = z.object({
  issuer: z.string().max(2_048),
  authorization_endpoint: page,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  userinfo_endpoint: endpoint.optional().catch(undefined),
  end_session_endpoint: page.optional().catch(undefined),
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
  token_endpoint_auth_methods_supported: z.array(z.string()).max(50).optional().catch(undefined),
});
export type Metadata = z.output<typeof metadataSchema>;

const FRESH_MS = HOUR_MS;
/** While the provider does not answer. */
const STALE_MS = 24 * HOUR_MS;
const asking = () => singleton("openid-metadata-asking", () => new AskOnce<Metadata>());
const cache = () =>
  singleton("openid-metadata", () => new Map<string, { metadata: Metadata; fetchedAt: number }>());

/** For an hour. The issuer must match exactly (Discovery §4.3). @throws OpenIdFailure */
export async function findMetadata(issuer: string): Promise<Metadata> {
  const cached = cache().get(issuer);
  const ageMs = cached ? elapsed() - cached.fetchedAt : Number.POSITIVE_INFINITY;
  if (cached && ageMs < FRESH_MS) return cached.metadata;
  try {
    const metadata = await asking().ask(issuer, () => fetchMetadata(issuer));
    cache().set(issuer, { metadata, fetchedAt: elapsed() });
    return metadata;
  } catch (error) {
    const isUsable = cached && ageMs < STALE_MS;
    if (isUsable && error instanceof OpenIdFailure && error.isPassing) return cached.metadata;
    throw error;
  }
}

export function forgetMetadata(issuer: string): void {
  cache().delete(issuer);
  asking().forget(issuer);
}

async function fetchMetadata(issuer: string): Promise<Metadata> {
  // OpenID Connect Discovery §4
  const base = issuer.endsWith("/") ? issuer : `${issuer}/`;
  const url = `${base}.well-known/openid-configuration`;
  const { status, body } = await sendOpenId({ url, method: "GET" });
  if (status >= 500) throw new OpenIdFailure("unreachable", `${url}: status ${status}`);
  if (status !== 200) throw new OpenIdFailure("no_discovery", `${url}: status ${status}`);
  const metadata = metadataSchema.safeParse(parseJson(body));
  if (!metadata.success) {
    const [wrong] = metadata.error.issues;
    throw new OpenIdFailure("no_discovery", `${url}: ${wrong?.path.join(".") || "no JSON"}`);
  }
  if (metadata.data.issuer !== issuer)
    throw new OpenIdFailure("issuer_differs", `${metadata.data.issuer} instead of ${issuer}`);
  requireOwnPages(metadata.data);
  return metadata.data;
}

/** A remote provider must not send people to services on their own machine. */
function requireOwnPages({ issuer, authorization_endpoint, end_session_endpoint = "" }: Metadata) {
  if (LOOPBACK.test(new URL(issuer).hostname)) return;
  const plain = [authorization_endpoint, end_session_endpoint].find((url) => /^http:/.test(url));
  if (plain) throw new OpenIdFailure("no_discovery", `${plain} is not https.`);
}
