import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import type { ProviderHosts } from "@/lib/registrations/hosts/schema";
import type { Grant, ServiceId } from "@/lib/registrations/schema";

/** The fields that a new registration and an edited one share. */
export type RegistrationValues = {
  name: string;
  service: ServiceId;
  type: "outlook365" | "gmail";
  cloud: string;
  accountTypes: "tenant" | "organizations" | "organizations_and_personal";
  grant: Grant;
  clientId: string;
  tenantId: string;
  hosts: ProviderHosts | null;
};

/** Whether secrets and tokens go where they go now, as far as typed hosts can be compared. */
export function isSameHosts(a: ProviderHosts | undefined, b: ProviderHosts | undefined): boolean {
  return hostsText(a) === hostsText(b);
}

function hostsText(hosts: ProviderHosts | undefined): string {
  if (!hosts) return "";
  const origins = [hosts.authority, hosts.scopeHost, hosts.graph];
  const mail = [hosts.mail.imap, hosts.mail.smtp, hosts.mail.pop3];
  return [
    ...origins.map((origin) => withoutEndSlashes(origin.trim())),
    ...mail.map(({ host, port, tls }) => `${host.trim()} ${port} ${tls}`),
  ]
    .join("\n")
    .toLowerCase();
}
