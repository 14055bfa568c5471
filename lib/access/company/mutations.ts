import "server-only";
import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { isAllowedHost } from "@/lib/egress/allowed-hosts";
import { placeOf } from "@/lib/egress/policy";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { db, serializable } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { listSignInClouds } from "@/lib/oauth/openid/entra-clouds";
import { forgetMetadata } from "@/lib/oauth/openid/metadata";
import { entraIssuer, WORKSPACE_ISSUER } from "@/lib/oauth/openid/schema";
import { companyEgress } from "@/lib/oauth/openid/send";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { countLocalAdministrators } from "../roles/store";
import { isMapped } from "./claims";
import type { CreateCompanySignIn, UpdateCompanySignIn } from "./schema";
import { nextSlug } from "./slugs";
import { saveCompanyOnly, sealClientSecret } from "./store";

const tell = tellOf("company_sign_in");

/** What the trail names; the secret is told apart. */
const LABELS = {
  name: "Name",
  issuer: "Issuer",
  clientId: "Client ID",
  pinned: "Tenants and domains",
  roleClaim: "Claim",
  roleValues: "Roles",
  defaultRole: "Default role",
  createsPeople: "New people",
  requiredAmr: "Required amr",
  sessionHours: "Session hours",
  rechecks: "Checks",
  endsAtCompany: "Sign-out",
} as const;

/** Stored switched off: a test comes first. */
export async function createCompanySignIn(
  actor: Actor,
  input: CreateCompanySignIn,
): Promise<{ id: string }> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  const columns = toColumns(input);
  return serializable(async (tx) => {
    await requireFreeIssuer(tx, columns.issuer);
    const rows = await tx.companySignIn.findMany({ select: { slug: true } });
    const slug = nextSlug(input.preset, new Set(rows.map((row) => row.slug)));
    const { id } = await tx.companySignIn.create({
      data: { ...columns, slug, clientSecretSealed: "" },
      select: { id: true },
    });
    const clientSecretSealed = sealClientSecret({ id, ...columns }, input.clientSecret);
    await tx.companySignIn.update({
      where: { id },
      data: { clientSecretSealed },
      select: { id: true },
    });
    await tell(tx, actor, { action: "company_sign_in.create", id, name: columns.name });
    return { id };
  });
}

/**
 * What decides who comes, and from where, switches it off until it was tested again. Another issuer or client
 * needs its secret anew.
 *
 * @throws AppError stale, not_found, unprocessable on `clientSecret`
 */
export async function updateCompanySignIn(actor: Actor, input: UpdateCompanySignIn): Promise<void> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  const { id, version, clientSecret } = input;
  const columns = toColumns(input);
  const before = await db().companySignIn.findUnique({ where: { id } });
  if (!before) throw gone();
  const isElsewhere = before.issuer !== columns.issuer || before.clientId !== columns.clientId;
  if (isElsewhere && clientSecret === "")
    throw fieldError(
      "clientSecret",
      "The issuer or the client changed: enter the client secret again.",
    );
  const changed: string[] = changedFields(before, columns, LABELS);
  const isUntested = isElsewhere || changed.includes(LABELS.pinned);
  const isSaved = await serializable(async (tx) => {
    await requireFreeIssuer(tx, columns.issuer, id);
    const { count } = await tx.companySignIn.updateMany({
      where: { id, version },
      data: {
        ...columns,
        version: { increment: 1 },
        ...(clientSecret && {
          clientSecretSealed: sealClientSecret({ id, ...columns }, clientSecret),
        }),
        // What a test found is about the settings that it was made with.
        ...((isUntested || clientSecret) && { testedAt: null, testReport: Prisma.DbNull }),
        ...(isUntested && { enabled: false }),
      },
    });
    if (count !== 1) return false;
    // An identity is one of the issuer that it came from.
    if (before.issuer !== columns.issuer)
      await tx.administratorIdentity.deleteMany({ where: { companySignInId: id } });
    if (!isMapped(columns.roleValues))
      await tx.administrator.updateMany({
        where: { managedById: id },
        data: { managedById: null },
      });
    const all = clientSecret ? [...changed, "Client secret"] : changed;
    const detail = { version: version + 1, changed: all };
    await tell(tx, actor, { action: "company_sign_in.update", id, name: columns.name, detail });
    return true;
  });
  if (!isSaved) throw await staleEdit({ kind: "company_sign_in", id, name: before.name }, version);
  forgetMetadata(columns.issuer);
}

/**
 * Switches a company sign-in on, once a test went well, or off.
 * @throws AppError conflict, not_found
 */
export async function switchCompanySignIn(
  actor: Actor,
  { id, enabled }: { id: string; enabled: boolean },
): Promise<void> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  await serializable(async (tx) => {
    const row = await tx.companySignIn.findUnique({
      where: { id },
      select: { name: true, testedAt: true },
    });
    if (!row) throw gone();
    if (enabled && !row.testedAt)
      throw new AppError(
        "conflict",
        "Test the sign-in first. It can be switched on once the test succeeds.",
      );
    await tx.companySignIn.update({ where: { id }, data: { enabled }, select: { id: true } });
    if (!enabled) await requireLocalOrOther(tx);
    const action = enabled ? "company_sign_in.switch_on" : "company_sign_in.switch_off";
    await tell(tx, actor, { action, id, name: row.name });
  });
}

/** Deletes it with its identities: who had no other way in needs a link for a password. */
export async function deleteCompanySignIn(actor: Actor, { id }: { id: string }): Promise<void> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  await serializable(async (tx) => {
    const row = await tx.companySignIn.findUnique({ where: { id }, select: { name: true } });
    if (!row) throw gone();
    await tx.companySignIn.delete({ where: { id }, select: { id: true } });
    await requireLocalOrOther(tx);
    await tell(tx, actor, { action: "company_sign_in.delete", id, name: row.name });
  });
}

/** Somebody has to get in who needs no company. */
async function requireLocalOrOther(tx: Transaction): Promise<void> {
  if ((await countLocalAdministrators(tx)) > 0) return;
  throw new AppError(
    "conflict",
    "No administrator has a password. Give one a password first, so that someone can sign in.",
  );
}

/**
 * From then on passwords are for emergencies: those of administrators alone work, and their use is an incident.
 * @throws AppError conflict
 */
export async function setCompanyOnly(actor: Actor, { only }: { only: boolean }): Promise<void> {
  requirePermission(actor, "administrators:write");
  requireRecentProof(actor);
  await serializable(async (tx) => {
    if (only) {
      if ((await tx.companySignIn.count({ where: { enabled: true } })) === 0)
        throw new AppError("conflict", "Switch a company sign-in on first.");
      if ((await countLocalAdministrators(tx)) === 0)
        throw new AppError(
          "conflict",
          "At least one active administrator must keep a password, for when the company's sign-in fails.",
        );
    }
    await saveCompanyOnly(tx, only);
    const action = only ? "company_sign_in.require" : "company_sign_in.not_require";
    await tell(tx, actor, { action, id: "", name: "" });
  });
}

function toColumns(input: CreateCompanySignIn) {
  const { preset, name, clientId, roleClaim, createsPeople, sessionHours, rechecks } = input;
  const { administrator, operator, auditor, viewer, endsAtCompany } = input;
  const isEntra = preset === "entra";
  return {
    preset,
    name,
    cloud: isEntra ? input.cloud : null,
    issuer: issuerOf(input),
    clientId,
    pinned: pinnedOf(input),
    roleClaim,
    roleValues: { administrator, operator, auditor, viewer },
    defaultRole: input.defaultRole || null,
    createsPeople,
    requiredAmr: input.requiredAmr || null,
    sessionHours,
    rechecks,
    endsAtCompany,
  };
}

function pinnedOf({ preset, tenantId, domains }: CreateCompanySignIn): string[] {
  if (preset === "entra") return [tenantId];
  return preset === "workspace" ? domains : [];
}

function issuerOf({ preset, cloud, tenantId, issuer }: CreateCompanySignIn): string {
  if (preset === "workspace") return WORKSPACE_ISSUER;
  if (preset !== "entra") {
    if (!isAllowedHost(placeOf(new URL(issuer)), companyEgress()))
      throw fieldError(
        "issuer",
        "This is an address inside the network. The operator can allow it with POSTKEY_PRIVATE_HOSTS.",
      );
    return issuer;
  }
  const found = listSignInClouds().find(({ id }) => id === cloud);
  if (!found) throw fieldError("cloud", "Choose the cloud.");
  return entraIssuer(found.authority, tenantId);
}

async function requireFreeIssuer(tx: Transaction, issuer: string, ownId?: string): Promise<void> {
  const taken = await tx.companySignIn.findUnique({ where: { issuer }, select: { id: true } });
  if (!taken || taken.id === ownId) return;
  throw refusedBy("company.issuer_taken", "conflict");
}

function gone(): AppError {
  return new AppError("not_found", "This company sign-in no longer exists.");
}
