import { words } from "@/lib/kernel/words";
import type { Remedy } from "./remedy";

const AT_A_HOST: ReadonlySet<string> = new Set(
  words("dns.not_found tcp.refused tcp.timeout tcp.unreachable"),
);

/** More would make titles unreadable. */
const MAX_HOSTS = 3;

export function titleAt({ id, title }: Pick<Remedy, "id" | "title">, hosts: readonly string[]) {
  const distinct = [...new Set(hosts)];
  if (!happensAtHost(id) || distinct.length === 0 || distinct.length > MAX_HOSTS) return title;
  const listed = new Intl.ListFormat("en-GB", { type: "conjunction" }).format(distinct);
  return `${title.replace(/\.$/, "")}: ${listed}.`;
}

export function happensAtHost(remedyId: string): boolean {
  return AT_A_HOST.has(remedyId);
}
