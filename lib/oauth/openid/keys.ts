import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { singleton } from "@/lib/kernel/singleton";
import { readJson } from "@/lib/kernel/text/parse-json";
import { OpenIdFailure } from "./failure";
import { AskOnce, forgetMetadata, type Metadata } from "./metadata";
import { sendOpenId } from "./send";

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

type CachedKeys = { url: string; keys: JSONWebKeySet; fetchedAt: number };
const cache = () => singleton("openid-keys", () => new Map<string, CachedKeys>());
const asking = () => singleton("openid-keys-asking", () => new AskOnce<JSONWebKeySet>());
/** A leaked key that the company withdrew signs people in no longer than this. */
const FRESH_MS = 10 * MINUTE_MS;
/** Tokens with invented keys must not cause a request each. */
const ASK_AGAIN_MS = 10 * SECOND_MS;

/** Fetches again once for an unknown key. @throws OpenIdFailure */
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
  const keys = readJson(jwksSchema, body);
  if (status === 200 && keys) return keys;
  throw new OpenIdFailure("token_invalid", `${url}: no signing keys (status ${status}).`);
}

/** Before a test, and when settings change. */
export function forgetProvider(issuer: string): void {
  forgetMetadata(issuer);
  cache().delete(issuer);
  asking().forget(issuer);
}
