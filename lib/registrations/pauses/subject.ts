import "server-only";
import { configuredClouds } from "@/lib/oauth/configured-clouds";

/** What an identity platform counts requests by. */
export type PauseSubject = { authority: string; tenantId: string; clientId: string };

/** What `authorityOf` takes as its parameter: the authority of each cloud, which no row knows. */
export function authorities(): string {
  const known = configuredClouds().map(({ id, authority }) => [id, new URL(authority).origin]);
  return JSON.stringify(Object.fromEntries(known));
}

/** SQL for the authority that a provider `p` asks. @param parameter stands for `authorities()` */
export function authorityOf(parameter: string): string {
  return `rtrim(coalesce(p.hosts->>'authority', ${parameter}::jsonb->>p.cloud, p.cloud), '/')`;
}

/** SQL for what is counted by when an authorization `a` of a provider `p` is renewed. */
export function subjectOf(parameter: string): string {
  return `${authorityOf(parameter)} || '/' || a."tenantId" || '/' || p."clientId"`;
}

export function subjectText({ authority, tenantId, clientId }: PauseSubject): string {
  return [new URL(authority).origin, tenantId, clientId].join("/");
}
