import { withoutEndSlashes } from "@/lib/normalize";
import "server-only";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import type { RemedyContext } from "@/lib/remedies/remedy";

type Registered = { cloud: string; clientId: string; tenantId: string; redirectUri: string };

/** What the error catalogue fills its commands and links with, for a provider. */
export function remedyContext(provider: Registered): RemedyContext {
  const { cloud: cloudId, clientId, tenantId, redirectUri } = provider;
  const { portal, exchangeAdmin } = configuredClouds().find(({ id }) => id === cloudId) ?? {};
  return {
    clientId,
    tenantId,
    redirectUri,
    hostsAt: "provider",
    ...(portal !== undefined && { portal: withoutEndSlashes(portal) }),
    ...(exchangeAdmin !== undefined && { exchange: withoutEndSlashes(exchangeAdmin) }),
  };
}
