import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type Configuration } from "oidc-provider";

export type Employee = { sub: string } & Record<string, unknown>;

export type TestCompany = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whoever comes is this one, without being asked. */
  comes(employee: Employee): void;
  /** Is nobody there any more. */
  leaves(sub: string): void;
  /** How often it was asked for anything. */
  requests(): number;
  /** Signs with other keys from now on, and knows those before no more. */
  renewKeys(): Promise<void>;
  readonly provider: Provider;
  close(): Promise<void>;
};

const CLIENT_ID = "postkey";
const CLIENT_SECRET = "a client secret of the company that is long enough";

type Listening = { origin: string; close(): Promise<void> };

type Options = {
  /** Listens over https with a certificate that Postkey trusts. */
  listen(answer: RequestListener): Promise<Listening>;
  redirectUri: string;
};

/** A company's identity platform: a whole foreign authorization server. */
export async function startCompany(options: Options): Promise<TestCompany> {
  let answer: RequestListener = (_request, reply) => reply.writeHead(503).end();
  const server = await options.listen((...turn) => answer(...turn));
  let current: Employee = { sub: "nobody" };
  const known = new Map<string, Employee>();
  const open = async () => new Provider(server.origin, await configuration(options, known));
  let provider = await open();
  let requests = 0;
  answer = (incoming, reply) => {
    requests += 1;
    if (!incoming.url?.startsWith("/interaction/"))
      return void provider.callback()(incoming, reply);
    const result = { login: { accountId: current.sub } };
    void provider.interactionFinished(incoming, reply, result);
  };
  return {
    issuer: server.origin,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    comes: (employee) => {
      current = employee;
      known.set(employee.sub, employee);
    },
    leaves: (sub) => known.delete(sub),
    requests: () => requests,
    renewKeys: async () => {
      provider = await open();
    },
    get provider() {
      return provider;
    },
    close: server.close,
  };
}

const CLAIMS = [
  "name",
  "email",
  "email_verified",
  "preferred_username",
  "groups",
  "amr",
  "_claim_names",
  "hd",
  "tid",
  "pond",
];

async function configuration(
  { redirectUri }: Options,
  known: ReadonlyMap<string, Employee>,
): Promise<Configuration> {
  return {
    jwks: { keys: [await newKey()] },
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [new URL("/sign-in", redirectUri).href],
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
    claims: { openid: ["sub", ...CLAIMS], profile: [], email: [] },
    // As Entra, Okta and Keycloak do: in the ID token.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    cookies: { keys: ["a key of cookies"] },
    findAccount: (_context, id) => {
      const employee = known.get(id);
      return employee && { accountId: id, claims: async () => ({ ...employee }) };
    },
    // Nobody has to agree by hand.
    async loadExistingGrant({ oidc }) {
      const { client, session, params } = oidc;
      const grant = new oidc.provider.Grant({
        ...(client && { clientId: client.clientId }),
        ...(session?.accountId && { accountId: session.accountId }),
      });
      grant.addOIDCScope(String(params?.scope ?? "openid"));
      await grant.save();
      return grant;
    },
    // As others do: without asking for consent again.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
    ttl: { Session: 3_600, Interaction: 600, Grant: 3_600, IdToken: 600, AccessToken: 600 },
  };
}

async function newKey() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: "RS256", use: "sig" };
}
