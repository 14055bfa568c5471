import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, normalize, sep } from "node:path";
import { env } from "@/lib/kernel/env";
import { type OAuthFailure, oauthFailure } from "../oauth-failure";

const MAX_BYTES = 64 * 1024;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Read at each use, because it lives an hour.
 * @throws OAuthFailure postkey.token_file_not_allowed, postkey.token_file_unreadable
 */
export async function readTokenFile(tokenFile: string): Promise<string> {
  const directory = allowedDirectory(tokenFile);
  if (directory === null) throw notAllowed();
  const real = await realpath(tokenFile).catch(unreadable);
  // Kubernetes links within the directory; links out of it are refused.
  if (!isWithin(real, await realpath(directory).catch(unreadable))) throw notAllowed();
  const found = await stat(real).catch(unreadable);
  if (!found.isFile() || found.size > MAX_BYTES) return unreadable(undefined);
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
