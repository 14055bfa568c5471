import { type Actor, requirePermissionToSee } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { only } from "@/lib/kernel/words";
import { PRESETS, type Preset, presetSchema } from "@/lib/oauth/openid/schema";
import { countLocalAdministrators } from "../administrators/store";
import { roleSchema } from "../roles/schema";
import { isMapped } from "./claims";
import { type CompanyButton, roleValuesSchema, testReportSchema } from "./schema";
import { nextSlug } from "./slugs";
import { isCompanyOnly } from "./store";

export async function listCompanySignIns(actor: Actor) {
  requirePermissionToSee(actor, "administrators:write");
  const rows = await db().companySignIn.findMany({
    select: {
      ...only("id slug preset name issuer enabled testedAt testReport"),
      _count: { select: { identities: true } },
    } as const,
    orderBy: { createdAt: "asc" },
  });
  return rows.map(({ _count, preset, testReport, ...row }) => ({
    ...row,
    hasFailed: hasFailed(testReport),
    preset: presetSchema.parse(preset),
    people: _count.identities,
  }));
}
export type CompanySignInRow = Awaited<ReturnType<typeof listCompanySignIns>>[number];

function hasFailed(report: unknown): boolean {
  return (testReportSchema.safeParse(report).data?.remedyId ?? null) !== null;
}

export async function findCompanySignIn(actor: Actor, id: string) {
  requirePermissionToSee(actor, "administrators:write");
  const found = await db().companySignIn.findUnique({
    where: { id },
    include: { _count: { select: { identities: true } } },
    omit: { clientSecretSealed: true },
  });
  if (!found) return null;
  const { _count, testReport, createdAt, ...row } = found;
  return {
    ...row,
    preset: presetSchema.parse(row.preset),
    roleValues: roleValuesSchema.parse(row.roleValues),
    defaultRole: roleSchema.nullable().parse(row.defaultRole),
    people: _count.identities,
    hasFailed: hasFailed(testReport),
    redirectUri: redirectUriOf(row.slug),
    backChannelUri: new URL(`/api/company/${row.slug}/logout`, env().url).href,
    signedOutUri: signedOutUri(),
    report: testReportSchema.safeParse(testReport).data ?? null,
  };
}
export type CompanySignInDetail = NonNullable<Awaited<ReturnType<typeof findCompanySignIn>>>;

/** Before anything is stored: it has to be registered there. */
export async function findRedirectUris(actor: Actor): Promise<Record<Preset, string>> {
  requirePermissionToSee(actor, "administrators:write");
  const rows = await db().companySignIn.findMany({ select: { slug: true } });
  const taken = new Set(rows.map(({ slug }) => slug));
  const uris = PRESETS.map((preset) => [preset, redirectUriOf(nextSlug(preset, taken))] as const);
  return Object.fromEntries(uris) as Record<Preset, string>;
}

export function redirectUriOf(slug: string): string {
  return new URL(`/api/auth/callback/${slug}`, env().url).href;
}

export function signedOutUri(): string {
  return new URL("/sign-in", env().url).href;
}

/** Active people who could not sign in any more with company sign-in only. */
const PASSWORD_ONLY = {
  role: { not: "administrator" },
  disabledAt: null,
  identities: { none: {} },
};
const NAMED = 8;

export async function findRoleDeciders(actor: Actor): Promise<string[]> {
  requirePermissionToSee(actor, "administrators:read");
  const rows = await db().companySignIn.findMany({
    where: { enabled: true },
    select: { name: true, roleValues: true },
    orderBy: { createdAt: "asc" },
  });
  return rows.flatMap(({ name, roleValues }) =>
    isMapped(roleValuesSchema.parse(roleValues)) ? [name] : [],
  );
}

export async function findCompanyPolicy(actor: Actor) {
  requirePermissionToSee(actor, "administrators:write");
  const orderBy = [{ name: "asc" as const }, { id: "asc" as const }];
  const [only, localAdministrators, count, first] = await Promise.all([
    isCompanyOnly(),
    countLocalAdministrators(),
    db().administrator.count({ where: PASSWORD_ONLY }),
    db().administrator.findMany({
      where: PASSWORD_ONLY,
      orderBy,
      // Ends: Says how many more there are.
      take: NAMED,
      select: { name: true },
    }),
  ]);
  return {
    only,
    localAdministrators,
    passwordOnly: { count, names: first.map(({ name }) => name) },
  };
}

/** One that is off can be tested. Every role may see them. */
export async function findSlugs(): Promise<string[]> {
  const rows = await db().companySignIn.findMany({ select: { slug: true } });
  return rows.map(({ slug }) => slug);
}

/** What the sign-in page offers to strangers; only the database is asked. */
export async function findWaysIn(): Promise<{ buttons: CompanyButton[]; only: boolean }> {
  const [buttons, only] = await Promise.all([
    db().companySignIn.findMany({
      where: { enabled: true },
      select: { slug: true, name: true },
      orderBy: { createdAt: "asc" },
    }),
    isCompanyOnly(),
  ]);
  return { buttons, only };
}

/** @permission none: every person may see their own company accounts. */
export async function listOwnIdentities(actor: Actor) {
  return actor.kind === "user" ? findIdentities(actor.id) : [];
}

export async function listIdentitiesOf(actor: Actor, administratorId: string) {
  requirePermissionToSee(actor, "administrators:read");
  return findIdentities(administratorId);
}

async function findIdentities(administratorId: string) {
  const rows = await db().administratorIdentity.findMany({
    where: { administratorId },
    select: {
      ...only("id username createdAt lastSignInAt"),
      companySignIn: { select: { id: true, name: true } },
      administrator: { select: { managedById: true } },
    },
    orderBy: { createdAt: "asc" },
  });
  return rows.map(({ companySignIn: { id, name }, administrator, ...row }) => ({
    ...row,
    companyName: name,
    decidesRole: administrator.managedById === id,
  }));
}
export type IdentityRow = Awaited<ReturnType<typeof findIdentities>>[number];
