import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import "server-only";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import type { RemedyContext } from "@/lib/remedies/remedy";

type Registered = {
  cloud: string;
  clientId: string;
  tenantId: string;
  redirectUri: string;
  /** What the provider says instead of its cloud. */
  hosts?: { authority: string } | null;
};

/** What the error catalogue fills its commands and links with, for a provider. */
export function remedyContext(provider: Registered): RemedyContext {
  const { cloud: cloudId, clientId, tenantId, redirectUri, hosts } = provider;
  const cloud = configuredClouds().find(({ id }) => id === cloudId);
  const { portal, exchangeAdmin } = cloud ?? {};
  const authority = hosts?.authority ?? cloud?.authority;
  return {
    clientId,
    tenantId,
    redirectUri,
    hostsAt: "provider",
    ...(authority !== undefined && { signInHost: new URL(authority).hostname }),
    ...(portal !== undefined && { portal: withoutEndSlashes(portal) }),
    ...(exchangeAdmin !== undefined && { exchange: withoutEndSlashes(exchangeAdmin) }),
  };
}
