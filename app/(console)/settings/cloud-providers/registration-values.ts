import type { z } from "zod";
import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import type { ProviderHosts } from "@/lib/registrations/registration/schema";
import type { createCloudProviderSchema } from "@/lib/registrations/schema";

type Registration = Omit<z.input<typeof createCloudProviderSchema>, "credential" | "redirectUri">;

/** A field may hold what another service allows: they change one after the other. */
export type RegistrationValues = { [F in keyof Registration]: Registration[F] };

/** As far as typed hosts can be compared. */
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
