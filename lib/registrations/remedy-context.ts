import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import "server-only";
import type { Cloud } from "@/lib/oauth/clouds";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { RemedyContext } from "@/lib/remedies/remedy";

type Registered = {
  cloud: string;
  clientId: string;
  tenantId: string;
  redirectUri: string;
  hosts?: { authority: string } | null;
};

export function remedyContext(provider: Registered): RemedyContext {
  const { cloud: cloudId, clientId, tenantId, redirectUri, hosts } = provider;
  const cloud = configuredClouds().find(({ id }) => id === cloudId);
  const { portal, exchangeAdmin } = cloud ?? {};
  const authority = hosts?.authority ?? cloud?.authority;
  return {
    clientId,
    tenantId,
    redirectUri,
    ...(cloud && { service: cloud.service, hostsAt: hostsAtOf(cloud) }),
    ...(authority !== undefined && { signInHost: new URL(authority).hostname }),
    ...(portal !== undefined && { portal: withoutEndSlashes(portal) }),
    ...(exchangeAdmin !== undefined && { exchange: withoutEndSlashes(exchangeAdmin) }),
  };
}

/** Where the hosts of most of its accounts are; others of its mail services are preset. */
function hostsAtOf({ service }: Cloud): "provider" | "service" {
  const services = Object.values(PLATFORMS[service].mail);
  return services.some(({ hostsAt }) => hostsAt === "provider") ? "provider" : "service";
}
