import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, normalize, sep } from "node:path";
import { z } from "zod";
import { requestHttps } from "@/lib/egress/https";
import { placeOfUrl, policyFor } from "@/lib/egress/policy";
import { sentSecrets } from "@/lib/egress/sent-secrets";
import { SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { foreignText } from "@/lib/kernel/text/foreign-text";
import { readJson } from "@/lib/kernel/text/parse-json";
import { type OAuthFailure, oauthFailure } from "../oauth-failure";
import { tokenSchema } from "../token-reply";

/** The usual audience for federated credentials; the registration must name it. */
const AUDIENCE = "api://AzureADTokenExchange";
const MACHINE_ENDPOINT = "http://169.254.169.254/metadata/identity/oauth2/token";

const DEADLINE_MS = 10 * SECOND_MS;

/**
 * Not through MSAL, which retries up to seven times and caches for the process.
 * @param clientId user-assigned; null: system-assigned @throws OAuthFailure
 */
export async function acquireIdentityToken(clientId: string | null): Promise<string> {
  const { url, headers } = identityRequest(clientId);
  const request = { url: url.href, method: "GET", headers, isRepeatable: false } as const;
  // The endpoint is local and has no certificate.
  const policy = policyFor([placeOfUrl(url)], env, { plainInside: true });
  const { status, body } = await requestHttps(request, policy, DEADLINE_MS).catch(
    (cause: unknown) => {
      throw oauthFailure("retry", "postkey.managed_identity_unreachable", { cause });
    },
  );
  const secrets = sentSecrets({ url: url.href, headers });
  const description = foreignText(body, { secrets });
  if (status >= 500 || status === 404 || status === 429)
    throw oauthFailure("retry", "postkey.managed_identity_unreachable", { status, description });
  const parsed = readJson(z.object({ access_token: tokenSchema }), body);
  if (status === 200 && parsed) return parsed.access_token;
  const details = status === 200 ? { status } : { status, description };
  throw oauthFailure("fix_registration", "postkey.managed_identity_refused", details);
}

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
function identityRequest(clientId: string | null): { url: URL; headers: Record<string, string> } {
  const { identityEndpoint } = env();
  const url = new URL(identityEndpoint?.url ?? MACHINE_ENDPOINT);
  url.searchParams.set("api-version", identityEndpoint ? "2019-08-01" : "2018-02-01");
  url.searchParams.set("resource", AUDIENCE);
  if (clientId !== null) url.searchParams.set("client_id", clientId);
  const headers: Record<string, string> = identityEndpoint
    ? { "x-identity-header": identityEndpoint.header }
    : { metadata: "true" };
  return { url, headers };
}
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** At each use, because it lives an hour. @throws OAuthFailure */
export async function readTokenFile(tokenFile: string): Promise<string> {
  const directory = allowedDirectory(tokenFile);
  if (directory === null) throw notAllowed();
  const real = await realpath(tokenFile).catch(unreadable);
  // Kubernetes links within the directory; links out of it are refused.
  if (!isWithin(real, await realpath(directory).catch(unreadable))) throw notAllowed();
  const found = await stat(real).catch(unreadable);
  if (!found.isFile() || found.size > 64 * 1024) return unreadable(undefined);
  const token = (await readFile(real, "utf8").catch(unreadable)).trim();
  return JWT.test(token) ? token : unreadable(undefined);
}

function allowedDirectory(tokenFile: string): string | null {
  const { directories, file } = env().federatedTokens;
  if (!isAbsolute(tokenFile) || normalize(tokenFile) !== tokenFile) return null;
  if (tokenFile === file) return dirname(file);
  return directories.find((directory) => isWithin(tokenFile, directory)) ?? null;
}

function isWithin(path: string, directory: string): boolean {
  const base = directory.endsWith(sep) ? directory : `${directory}${sep}`;
  return path.startsWith(base);
}

function notAllowed(): OAuthFailure {
  return oauthFailure("fix_registration", "postkey.token_file_not_allowed");
}

function unreadable(cause: unknown): never {
  throw oauthFailure("retry", "postkey.token_file_unreadable", { cause });
}
