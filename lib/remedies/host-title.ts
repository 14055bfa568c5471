import type { Remedy } from "./remedy";

/** What happened at a server that may be another one than was meant: its name is the news. */
const AT_A_HOST: ReadonlySet<string> = new Set([
  "dns.not_found",
  "tcp.refused",
  "tcp.timeout",
  "tcp.unreachable",
]);

/** One for each protocol; with more, no one reads a title. */
const MAX_HOSTS = 3;

/** What happened, in one sentence, and at which hosts, where these are known and part of the news. */
export function titleAt({ id, title }: Pick<Remedy, "id" | "title">, hosts: readonly string[]) {
  const distinct = [...new Set(hosts)];
  if (!happensAtHost(id) || distinct.length === 0 || distinct.length > MAX_HOSTS) return title;
  const listed = new Intl.ListFormat("en-GB", { type: "conjunction" }).format(distinct);
  return `${title.replace(/\.$/, "")}: ${listed}.`;
}

/** Whether a title of it has a place for hosts. */
export function happensAtHost(remedyId: string): boolean {
  return AT_A_HOST.has(remedyId);
}
