import type { NextRequest } from "next/server";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { type Claims, type Redeemed, redeemCode } from "@/lib/oauth/openid/exchange";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { hasAll } from "@/lib/people/company/claims";
import { redirectUriOf } from "@/lib/people/company/queries";
import type { Round } from "@/lib/people/company/round";

export type CompanyProvider = OAuthConfig<{ sub: string }>;

const checksSchema = z.object({
  state: z.string().min(1),
  nonce: z.string().min(1),
  code_verifier: z.string().min(1),
});

export type Arrival = {
  params: URLSearchParams;
  browser: string | null;
  redeemed?: Redeemed;
  failure?: unknown;
};

/**
 * With `token.request` next-auth compares nothing; all checks are ours.
 * @param arrival gets the outcome: next-auth only says that it failed
 */
export function companyProvider(round: Round, arrival?: Arrival): CompanyProvider {
  const { company, metadata, purpose } = round;
  const { slug, name, clientId, issuer } = company;
  const redirectUri = redirectUriOf(slug);
  return {
    id: slug,
    name,
    type: "oauth",
    issuer,
    clientId,
    clientSecret: "",
    checks: ["pkce", "state", "nonce"],
    authorization: {
      url: metadata.authorization_endpoint,
      params: { redirect_uri: redirectUri, ...requestParameters(round) },
    },
    token: {
      async request({ checks }) {
        if (!arrival) throw new Error("No one came back.");
        const { state, nonce, code_verifier: codeVerifier } = checksSchema.parse(checks);
        const { params, browser } = arrival;
        const answer = { params, browser, redirectUri, state, nonce, codeVerifier };
        try {
          const client = { metadata, clientId, clientSecret: company.clientSecret() };
          // The signed time suffices, so nothing else is requested.
          const isEnough = (claims: Claims) => purpose.for === "proof" || hasAll(claims, company);
          arrival.redeemed = await redeemCode(client, answer, isEnough);
        } catch (error) {
          arrival.failure = error;
          throw error;
        }
        // next-auth's cookie needs none of this.
        return { tokens: {} };
      },
    },
    userinfo: { request: () => ({ sub: slug }) },
    profile: ({ sub }) => ({ id: sub }),
  };
}

function requestParameters({ company, purpose }: Round) {
  const { rechecks, pinned } = company;
  const { people, takesPromptLogin } = PRESET_FACTS[company.preset];
  const preselected = people.pin?.parameter;
  return {
    scope: rechecks ? "openid profile email offline_access" : "openid profile email",
    // A new sign-in, and its time (OpenID Connect Core §3.1.2.1).
    ...(purpose.for === "proof" && { max_age: 0, ...(takesPromptLogin && { prompt: "login" }) }),
    // A convenience: the claim is checked.
    ...(preselected && pinned.length === 1 && { [preselected]: pinned[0] }),
  };
}

export function namedProvider(slug: string): CompanyProvider {
  return {
    id: slug,
    name: slug,
    type: "oauth",
    clientId: "",
    clientSecret: "",
    profile: ({ sub }) => ({ id: sub }),
  };
}

export type CompanyVisit = {
  request: NextRequest;
  providers: CompanyProvider[];
  /** Before next-auth sets its cookie. */
  decide?: () => Promise<Decision>;
  finish?: (response: Response) => Promise<Response>;
};

export type Decision = { sessionId: string } | { location: string } | null;
