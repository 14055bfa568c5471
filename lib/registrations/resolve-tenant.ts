import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** From an id or a verified domain. @throws AppError unprocessable on `tenantId` */
export async function resolveTenantId({
  service,
  cloud,
  tenantId: tenant,
}: Pick<Registration, "service" | "cloud" | "tenantId">): Promise<string> {
  if (GUID.test(tenant)) return tenant;
  const found = await serviceOf({ service })
    .resolveTenant(cloud, tenant)
    .catch(() => undefined);
  if (found !== null && found !== undefined) return found;
  const message =
    found === null
      ? `${cloud.label} knows no tenant with the domain ${tenant}. Check the spelling and the cloud, or paste the Directory (tenant) ID.`
      : `The id of ${tenant} could not be looked up now. Paste the Directory (tenant) ID instead.`;
  throw new AppError("unprocessable", message, { fields: { tenantId: [message] } });
}
