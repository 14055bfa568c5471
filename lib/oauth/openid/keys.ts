import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { singleton } from "@/lib/kernel/singleton";
import { AskOnce } from "./ask-once";
import { OpenIdFailure } from "./failure";
import { forgetMetadata, type Metadata, parseJson } from "./metadata";
import { sendOpenId } from "./send";

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

type CachedKeys = { url: string; keys: JSONWebKeySet; fetchedAt: number };
const cache = () => singleton("openid-keys", () => new Map<string, CachedKeys>());
const asking = () => singleton("openid-keys-asking", () => new AskOnce<JSONWebKeySet>());
/** The longest that a key which the company withdrew, because it leaked, still signs people in. */
const FRESH_MS = 10 * MINUTE_MS;
/** Of a key that is not known: what signs with invented ones must not have it asked for again and again. */
const ASK_AGAIN_MS = 10 * SECOND_MS;

/**
 * The keys that a provider signs with; for one that is not among them they are fetched once more.
 * @throws OpenIdFailure
 */
export async function signingKeys(
  { issuer, jwks_uri: url }: Pick<Metadata, "issuer" | "jwks_uri">,
  kid: string | undefined,
): Promise<JSONWebKeySet> {
  const cached = cache().get(issuer);
  const isOfHere = cached?.url === url;
  const ageMs = cached && isOfHere ? elapsed() - cached.fetchedAt : Number.POSITIVE_INFINITY;
  const isKnown = cached?.keys.keys.some((key) => key.kid === kid) ?? false;
  if (cached && ageMs < (isKnown ? FRESH_MS : ASK_AGAIN_MS)) return cached.keys;
  const keys = await asking().ask(issuer, () => fetchKeys(url));
  cache().set(issuer, { url, keys, fetchedAt: elapsed() });
  return keys;
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const { status, body } = await sendOpenId({ url, method: "GET" });
  const keys = jwksSchema.safeParse(parseJson(body));
  if (status === 200 && keys.success) return keys.data;
  throw new OpenIdFailure("token_invalid", `${url}: no signing keys (status ${status}).`);
}

/** All that a provider said about itself: before a test, and when its settings change. */
export function forgetProvider(issuer: string): void {
  forgetMetadata(issuer);
  cache().delete(issuer);
  asking().forget(issuer);
}
