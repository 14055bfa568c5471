import type { RequestListener } from "node:http";
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
  provider: Provider;
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
  const provider = new Provider(server.origin, configuration(options, known));
  const serve = provider.callback();
  let requests = 0;
  answer = (incoming, reply) => {
    requests += 1;
    if (!incoming.url?.startsWith("/interaction/")) return void serve(incoming, reply);
    const result = { login: { accountId: current.sub } };
    void provider.interactionFinished(incoming, reply, result);
  };
  return {
    ...{ issuer: server.origin, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    comes: (employee) => {
      current = employee;
      known.set(employee.sub, employee);
    },
    leaves: (sub) => known.delete(sub),
    requests: () => requests,
    ...{ provider, close: server.close },
  };
}

const CLAIMS = [
  "name",
  "email",
  "preferred_username",
  "groups",
  "amr",
  "_claim_names",
  "hd",
  "tid",
];

function configuration(
  { redirectUri }: Options,
  known: ReadonlyMap<string, Employee>,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
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
