import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { CompanyButton } from "../company/schema";
import { passkeyHost } from "../passkeys/queries";
import { type Role, roleSchema } from "../roles/schema";
import type { Factors, ProofMethods } from "./schema";

const NONE: Factors = { authenticatorSince: null, recoveryCodesLeft: 0, isRequired: false };

/** @permission none: every person may see their own second factors. */
export async function findFactors(actor: Actor): Promise<Factors> {
  if (actor.kind !== "user") return NONE;
  const [found] = await db().$queryRaw<Factors[]>`
    SELECT (SELECT "confirmedAt" FROM "Authenticator" t WHERE t."administratorId" = a.id)
        AS "authenticatorSince",
      (SELECT count(*)::int FROM "RecoveryCode" r WHERE r."administratorId" = a.id)
        AS "recoveryCodesLeft",
      coalesce(a.role = ANY (i."secondFactorRoles"), false) AS "isRequired"
    FROM "Administrator" a LEFT JOIN "Installation" i ON i.id = 1 WHERE a.id = ${actor.id}::uuid`;
  return found ?? NONE;
}

/** @permission none: every person may see how they can confirm who they are. */
export async function findProofMethods(actor: Actor): Promise<ProofMethods> {
  const none = { hasPassword: false, hasAuthenticator: false, hasPasskey: false, companies: [] };
  if (actor.kind !== "user") return none;
  const { rpId } = passkeyHost();
  const [found] = await db().$queryRaw<Omit<ProofMethods, "companies">[]>`
    SELECT "passwordHash" IS NOT NULL AND NOT ("isRequired" AND "hasPasskey" AND NOT "hasAuthenticator")
      AS "hasPassword", "hasAuthenticator", "hasPasskey"
    FROM (SELECT a."passwordHash", coalesce(a.role = ANY (i."secondFactorRoles"), false) AS "isRequired",
        EXISTS (SELECT 1 FROM "Authenticator" t
          WHERE t."administratorId" = a.id AND t."confirmedAt" IS NOT NULL) AS "hasAuthenticator",
        EXISTS (SELECT 1 FROM "Passkey" p
          WHERE p."administratorId" = a.id AND p."rpId" = ${rpId}) AS "hasPasskey"
      FROM "Administrator" a LEFT JOIN "Installation" i ON i.id = 1 WHERE a.id = ${actor.id}::uuid) each`;
  return found ? { ...found, companies: await findCompaniesOf(actor.id) } : none;
}

/** Few: a person has one, or one of each part of a company. */
function findCompaniesOf(administratorId: string): Promise<CompanyButton[]> {
  return db().companySignIn.findMany({
    where: { enabled: true, identities: { some: { administratorId } } },
    select: { slug: true, name: true },
    orderBy: { createdAt: "asc" },
  });
}

/** Those of one person, with their last use. A person has at most twenty passkeys. */
export async function findFactorsOf(actor: Actor, administratorId: string) {
  requirePermissionToSee(actor, "administrators:read");
  const [[app], recoveryCodesLeft, passkeys] = await Promise.all([
    // The step of a code is its time: each is of thirty seconds (RFC 6238).
    db().$queryRaw<{ appSince: Date; appUsedAt: Date }[]>`
      SELECT "confirmedAt" AS "appSince", to_timestamp("lastStep" * 30) AS "appUsedAt"
      FROM "Authenticator"
      WHERE "administratorId" = ${administratorId}::uuid AND "confirmedAt" IS NOT NULL`,
    db().recoveryCode.count({ where: { administratorId } }),
    db().passkey.findMany({
      where: { administratorId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { id: true, name: true, lastUsedAt: true },
    }),
  ]);
  const { appSince = null, appUsedAt = null } = app ?? {};
  return { appSince, appUsedAt, recoveryCodesLeft, passkeys };
}
export type FactorsOf = Awaited<ReturnType<typeof findFactorsOf>>;

export async function findSecondFactorRoles(actor: Actor): Promise<Role[]> {
  requirePermissionToSee(actor, "administrators:read");
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { secondFactorRoles: true },
  });
  return (row?.secondFactorRoles ?? []).flatMap((each) => roleSchema.safeParse(each).data ?? []);
}
