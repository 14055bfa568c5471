import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Registration } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { tenantSchema } from "./registration/schema";
import { requireCloud } from "./store";

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

type FoundTenant = { tenantId: string; problem: null } | { tenantId: null; problem: string };

/** The id of a tenant that was typed as a domain or an id, or what is wrong with it, in words. */
export async function findTenantId(
  actor: Actor,
  input: { cloud: string; tenant: string },
): Promise<FoundTenant> {
  requirePermission(actor, "providers:read");
  const tenant = tenantSchema.safeParse(input.tenant);
  if (!tenant.success)
    return { tenantId: null, problem: tenant.error.issues[0]?.message ?? "This is not a tenant." };
  try {
    const cloud = requireCloud(input.cloud);
    const { service } = cloud;
    const tenantId = await resolveTenantId({ service, cloud, tenantId: tenant.data });
    return { tenantId, problem: null };
  } catch (error) {
    if (error instanceof AppError) return { tenantId: null, problem: error.message };
    throw error;
  }
}
