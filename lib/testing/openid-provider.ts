import type { RequestListener } from "node:http";
import { request } from "node:https";
import Provider, { type Configuration } from "oidc-provider";
import { env } from "@/lib/kernel/env";
import { startHttpsServer } from "./https-server";

export type Employee = { sub: string } & Record<string, unknown>;

export type TestCompany = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Whoever comes is this one, without being asked. */
  comes(employee: Employee): void;
  /** Is nobody there any more. */
  leaves(sub: string): void;
  provider: Provider;
  /** Method and path of every request that arrived. */
  seen: string[];
  close(): Promise<void>;
};

const CLIENT_ID = "postkey";
const CLIENT_SECRET = "a client secret of the company that is long enough";

type Options = { stateDir: string; redirectUri: string; logoutUri?: string };

/** A company's identity platform: a whole foreign authorization server. */
export async function startCompany(options: Options): Promise<TestCompany> {
  let answer: RequestListener = (_request, reply) => reply.writeHead(503).end();
  const server = await startHttpsServer(options.stateDir, (...turn) => answer(...turn));
  let current: Employee = { sub: "nobody" };
  const known = new Map<string, Employee>();
  const provider = new Provider(server.origin, configuration(options, known));
  const serve = provider.callback();
  answer = (incoming, reply) => {
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
    ...{ provider, seen: server.seen, close: server.close },
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
  { redirectUri, logoutUri }: Options,
  known: ReadonlyMap<string, Employee>,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        ...(logoutUri && {
          backchannel_logout_uri: logoutUri,
          backchannel_logout_session_required: true,
        }),
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

/** A browser at the company, from the address that it was sent to until it is sent back. */
export async function walkCompany(url: string, cookies = new Map<string, string>()): Promise<URL> {
  let at = new URL(url);
  const { host } = at;
  for (let steps = 0; steps < 10; steps += 1) {
    const { status, headers, body } = await get(at, cookies);
    for (const each of headers["set-cookie"] ?? []) {
      const [pair = ""] = each.split(";");
      const [name = "", ...value] = pair.split("=");
      cookies.set(name, value.join("="));
    }
    if (!headers.location)
      throw new Error(`The company stopped (${status}): ${body.slice(0, 300)}`);
    at = new URL(headers.location, at);
    if (at.host !== host) return at;
  }
  throw new Error("The company sends the browser in a circle.");
}

type Got = {
  status: number;
  headers: { location?: string; "set-cookie"?: string[] };
  body: string;
};

function get(url: URL, cookies: ReadonlyMap<string, string>): Promise<Got> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return new Promise((done, fail) => {
    const { extraCaPem: ca } = env();
    const options = { headers: { cookie }, ...(ca && { ca }) };
    request(url, options, (reply) => {
      let body = "";
      reply.on("data", (chunk) => (body += chunk));
      reply.on("end", () => {
        const { location, "set-cookie": set } = reply.headers;
        const headers = { ...(location && { location }), ...(set && { "set-cookie": set }) };
        done({ status: reply.statusCode ?? 0, headers, body });
      });
    })
      .on("error", fail)
      .end();
  });
}
