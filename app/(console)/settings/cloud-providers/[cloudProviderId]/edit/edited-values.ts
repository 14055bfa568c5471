import type { z } from "zod";
import type { ServiceId } from "@/lib/oauth/schema";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { MICROSOFT_GRANTS } from "@/lib/registrations/registration/schema";
import type { CloudProviderDetail } from "@/lib/registrations/rows/schema";
import type { updateCloudProviderSchema } from "@/lib/registrations/schema";

export type EditedValues = z.input<typeof updateCloudProviderSchema>;

export function valuesOf(provider: CloudProviderDetail): EditedValues {
  const { id, version, name, cloud, clientId, tenantId } = provider;
  const shared = { id, version, name, cloud, clientId, tenantId, replacement: null };
  return { ...shared, ...OF_SERVICE[provider.service](provider) };
}

const OF_SERVICE = {
  microsoft_azure: ({ accountTypes, hosts, hasOwnHosts, grant }: CloudProviderDetail) =>
    ({
      service: "microsoft_azure",
      type: "outlook365",
      accountTypes,
      hosts: hasOwnHosts ? hosts : null,
      grant: MICROSOFT_GRANTS.find((each) => each === grant) ?? "delegated",
    }) as const,
  google: ({ grant }: CloudProviderDetail) =>
    ({
      service: "google",
      type: "gmail",
      accountTypes: "tenant",
      hosts: null,
      grant: GOOGLE_GRANTS.find((each) => each === grant) ?? "delegated",
    }) as const,
} satisfies Record<ServiceId, unknown>;
