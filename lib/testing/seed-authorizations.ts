import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  credentialDestination,
  providerDestination,
  tokenDestination,
} from "@/lib/installation/keys/destinations";
import { DAY_MS, fromNow, HOUR_MS } from "@/lib/kernel/clock";
import { type Destination, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";

type Sandbox = {
  controlUrl: string;
  registration: { clientId: string; tenantId: string; clientSecret: string };
};

type Wanted = {
  count: number;
  /** How many share a provider, and with it a tenant as far as limits are counted. */
  perProvider: number;
  /** Milliseconds until they are due; negative = due now. */
  dueInMs: number;
  /** MSAL's cache of a person who signed in, opened: the others' differ in the refresh token. */
  cache: string;
  /** `<object id>.<tenant id>` of this person, which is another one for each. */
  homeAccountId: string;
  /** Without a refresh token that works: no renewal is expected. */
  isIdle?: boolean;
};

const CHUNK = 1_000;

/**
 * Sign-ins by the thousand, as if each had been made by hand: providers with their secret,
 * authorizations with refresh tokens of their own.
 */
export async function seedAuthorizations(sandbox: Sandbox, wanted: Wanted): Promise<void> {
  for (let done = 0; done < wanted.count; done += CHUNK) {
    const count = Math.min(CHUNK, wanted.count - done);
    await seedChunk(sandbox, { ...wanted, count });
  }
}

async function seedChunk({ controlUrl, registration }: Sandbox, wanted: Wanted): Promise<void> {
  const providerIds = Array.from({ length: Math.ceil(wanted.count / wanted.perProvider) }, () =>
    randomUUID(),
  );
  const { clientId, tenantId, clientSecret } = registration;
  const columns = { service: "microsoft_azure", cloud: "sandbox", hosts: null, clientId, tenantId };
  const provider = { cloud: "sandbox", clientId, tenantId, redirectUri: "http://localhost:3000/" };
  await db().cloudProvider.createMany({
    data: providerIds.map((id) => ({ ...provider, id, name: `Seeded ${id}`, nameKey: id })),
  });
  await db().clientCredential.createMany({
    data: providerIds.map((cloudProviderId) => {
      const id = randomUUID();
      const destination = credentialDestination(
        providerDestination({ ...columns, cloudProviderId }),
        "client_secret",
      );
      const place = { table: "ClientCredential", id, column: "secretSealed", destination };
      const secretSealed = seal(env().keyring, place, clientSecret);
      const rest = {
        hint: "xxx",
        version: 1,
        createdByName: "Seed",
        expiresAt: fromNow(90 * DAY_MS),
      };
      return { ...rest, id, cloudProviderId, secretSealed };
    }),
  });
  const people = Array.from({ length: wanted.count }, (_, index) => ({
    id: randomUUID(),
    cloudProviderId: providerIds[Math.floor(index / wanted.perProvider)] ?? "",
  }));
  const tokens = wanted.isIdle ? [] : await grantsOf(controlUrl, people.map(homeOf));
  await db().authorization.createMany({
    data: people.map(({ id, cloudProviderId }) => ({
      id,
      cloudProviderId,
      username: `${id}@contoso.test`,
      displayName: "Seeded",
      objectId: id,
      tenantId: cloudProviderId,
      homeAccountId: homeOf({ id, cloudProviderId }),
      scopes: [],
      signedInByName: "Seed",
    })),
  });
  await db().tokenSet.createMany({
    data: people.map(({ id, cloudProviderId }, index) => {
      const who = { authorizedName: `${id}@contoso.test`, objectId: id };
      const grants = { providerGrant: "delegated", grant: "delegated" };
      const identity = { ...who, ...grants, identityTenantId: cloudProviderId };
      const destination = tokenDestination({ ...columns, cloudProviderId }, identity);
      const cache = wanted.cache.replaceAll(wanted.homeAccountId, homeOf({ id, cloudProviderId }));
      const refreshToken = tokens[index] ?? "none";
      return tokenSet({ id, destination, refreshToken }, { ...wanted, cache });
    }),
  });
}

/** Each is a person of a tenant of their own provider, in all else like the person who signed in. */
function homeOf({ id, cloudProviderId }: { id: string; cloudProviderId: string }): string {
  return `${id}.${cloudProviderId}`;
}

type Seeded = { id: string; destination: Destination; refreshToken: string };

function tokenSet({ id, destination, refreshToken }: Seeded, { cache, dueInMs }: Wanted) {
  const place = (column: string) => ({ table: "TokenSet", id, column, destination });
  const { keyring } = env();
  return {
    authorizationId: id,
    accessTokenSealed: seal(keyring, place("accessTokenSealed"), "seeded"),
    cacheSealed: seal(keyring, place("cacheSealed"), withRefreshToken(cache, refreshToken)),
    accessTokenExpiresAt: fromNow(HOUR_MS),
    refreshDueAt: fromNow(dueInMs),
  };
}

const cacheSchema = z.looseObject({ RefreshToken: z.record(z.string(), z.looseObject({})) });

/** MSAL's cache with another refresh token in it. */
export function withRefreshToken(cache: string, secret: string): string {
  const parsed = cacheSchema.parse(JSON.parse(cache));
  for (const entry of Object.values(parsed.RefreshToken)) entry.secret = secret;
  return JSON.stringify(parsed);
}

/** Refresh tokens of people in all else like Alice, each `<object id>.<tenant id>`. */
export async function grantsOf(controlUrl: string, people: string[]): Promise<string[]> {
  const url = new URL("users/alice@contoso.test/grants", controlUrl);
  const body = new URLSearchParams({ people: people.join(" ") });
  const answer: unknown = await (await fetch(url, { method: "POST", body })).json();
  return z.object({ refreshTokens: z.array(z.string()) }).parse(answer).refreshTokens;
}
