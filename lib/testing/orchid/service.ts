import { decodeJwt } from "jose";
import { z } from "zod";
import { HttpsError, type HttpsReply } from "@/lib/egress/https";
import { fromNow, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { sendHttps } from "@/lib/oauth/https";
import { classifyNetworkError, classifyReply, OAuthFailure } from "@/lib/oauth/oauth-failure";
import type { OAuthService, Registration, TokenSet } from "@/lib/oauth/service";
import { readTokenReply, type TokenReply } from "@/lib/oauth/token-reply";

const SCOPE = "petals";
const PETALS = { delegated: SCOPE, application: "bouquet" };

/** What Orchid can do: a code, a refresh token, and a client that proves itself with its secret. */
export const orchid: OAuthService = {
  callbackPath: "/api/cloudProviders/oauth2/orchid/callback",
  credentialKinds: ["client_secret"],
  permissions: (_grant, granted) => [{ name: SCOPE, isGranted: granted.includes(SCOPE) }],
  mailTokens: {
    read: (accessToken) => ({
      audience: "the greenhouse",
      scopes: [SCOPE],
      roles: [],
      user: String(decodeJwt(accessToken).upn),
      notBefore: undefined,
      expiresAt: fromNow(HOUR_MS),
      tenantId: undefined,
      appId: undefined,
      isGuest: false,
    }),
    permissions: { imap: PETALS, pop3: PETALS, smtp: PETALS },
    isForMailServers: ({ audience }) => audience === "the greenhouse",
  },
  adminConsentUrl: null,
  authorizationUrl: async ({ cloud, clientId }, { state, redirectUri, nonce }) =>
    new URL(
      `/door?${new URLSearchParams({ clientId, state, redirectUri, nonce })}`,
      cloud.authority,
    ),
  isIssuer: ({ cloud }, issuer) => issuer === cloud.authority,
  async redeemCode(registration, { code }) {
    const reply = await ask(registration, { grant_type: "authorization_code", code });
    const { email, id } = gardenerSchema.parse(reply);
    const identity = { objectId: id, tenantId: "", username: email, displayName: email };
    return { identity, tokens: toTokens(reply), missingScopes: [] };
  },
  async refreshTokens(registration, cache, { objectId }) {
    const { refresh_token } = cacheSchema.parse(JSON.parse(cache));
    const reply = await ask(registration, { grant_type: "refresh_token", refresh_token });
    if (gardenerSchema.parse(reply).id !== objectId) throw refused("orchid.other_gardener");
    return toTokens(reply);
  },
  deviceCode: null,
  acquireAppOnly: null,
  ofMailbox: null,
  async proveCredential(registration) {
    await ask(registration, { grant_type: "client_credentials" });
  },
  refusals: {
    prefix: "orchid.",
    ofNumber: null,
    meanings: [],
    fields: { "orchid.no_such_client": "clientId" },
    unknownCertificate: null,
    endedCredential: [],
    endedSecret: null,
    cancelled: ["orchid.turned_back"],
    unconsented: ["orchid.not_watered"],
  },
  secretRotation: null,
  inspect: async () => [{ subject: "application", verdict: "ok" }],
  resolveTenant: async (_cloud, domain) => domain,
};

const gardenerSchema = z.looseObject({ id: z.string(), email: z.string() });
const cacheSchema = z.strictObject({ refresh_token: z.string() });

async function ask(
  { cloud, clientId, credential }: Registration,
  fields: Record<string, string>,
): Promise<TokenReply> {
  const secret = credential.kind === "client_secret" ? credential.secret : "";
  const body = new URLSearchParams({ ...fields, client: clientId, secret }).toString();
  const reply = await sendHttps({ url: `${cloud.authority}/sap`, method: "POST", body }).catch(
    (error: unknown) => {
      if (error instanceof HttpsError) throw classifyNetworkError(error.networkCode, error);
      throw error;
    },
  );
  return readTokenReply(reply, classify);
}

/** It says what it means in a header. */
function classify(reply: HttpsReply): OAuthFailure {
  const word = String(reply.headers["x-orchid"] ?? "");
  return word === "" ? classifyReply(reply, orchid.refusals) : refused(`orchid.${word}`);
}

function refused(remedyId: string): OAuthFailure {
  const isOfPerson = remedyId === "orchid.withered" || remedyId === "orchid.other_gardener";
  const kind = isOfPerson ? "sign_in_again" : "fix_registration";
  return new OAuthFailure({ kind, remedyId, details: {} });
}

function toTokens(reply: TokenReply): TokenSet {
  return {
    accessToken: reply.access_token,
    expiresAt: fromNow(reply.expires_in * SECOND_MS),
    scopes: [SCOPE],
    idToken: "",
    cache: JSON.stringify({ refresh_token: reply.refresh_token ?? "" }),
  };
}
