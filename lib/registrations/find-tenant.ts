import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import { tenantSchema } from "./registration/schema";
import { resolveTenantId } from "./resolve-tenant";
import { requireCloud } from "./store";

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
