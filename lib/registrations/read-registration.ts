import "server-only";
import { fieldError } from "@/lib/kernel/errors";
import { differingHosts, withHosts } from "@/lib/oauth/cloud-hosts";
import { requireAllowedProviderHosts } from "./hosts/require-allowed";
import type { ProviderHosts } from "./hosts/schema";
import { requireCloud } from "./store";

/** The cloud as the provider will use it, and the part to store. @throws AppError unprocessable */
export function readHosts(cloudId: string, typed: ProviderHosts | null) {
  const preset = requireCloud(cloudId);
  const hosts = differingHosts(preset, typed);
  requireAllowedProviderHosts(hosts);
  return { cloud: withHosts(preset, hosts), hosts };
}

/** As when the tenant's id was pasted twice, once hidden by a domain. */
export function requireDifferentIds(clientId: string, tenantId: string): void {
  if (clientId === tenantId)
    throw fieldError(
      "tenantId",
      "This is the application id. Paste the Directory (tenant) ID here.",
    );
}
