import "server-only";
import { hostProblems, isAllowedHost, saysInside } from "@/lib/egress/allowed-hosts";
import { mayUseHttpsPort, placeOfUrl } from "@/lib/egress/policy";
import { AppError, type FieldErrors } from "@/lib/kernel/errors";
import { configuredEgress } from "@/lib/mail/configured";
import type { CloudHosts } from "@/lib/oauth/cloud-hosts";
import { platformEgress } from "@/lib/oauth/platform-egress";

const ORIGINS = ["authority", "scopeHost", "graph"] as const;

/** As for custom accounts; addresses are checked again at each connection. */
export function requireAllowedProviderHosts(hosts: CloudHosts | null): void {
  if (!hosts) return;
  const fields = {
    ...originProblems(hosts),
    ...hostProblems(hosts.mail ?? null, configuredEgress(), "hosts.mail."),
  };
  const [first] = Object.values(fields);
  if (first) throw new AppError("unprocessable", first[0] ?? "", { fields });
}

type Origins = { readonly [K in (typeof ORIGINS)[number]]?: string | undefined };

export function originProblems(hosts: Origins): FieldErrors {
  const fields: FieldErrors = {};
  for (const name of ORIGINS) {
    const origin = hosts[name];
    const problem = origin ? originProblem(new URL(origin)) : null;
    if (problem) fields[`hosts.${name}`] = [problem];
  }
  return fields;
}

function originProblem(url: URL): string | null {
  const place = placeOfUrl(url);
  if (!isAllowedHost(place, platformEgress())) return saysInside();
  if (!mayUseHttpsPort(place, platformEgress()))
    return "Only the standard port 443 is accepted. The operator can allow the host with POSTKEY_PRIVATE_HOSTS.";
  return null;
}
