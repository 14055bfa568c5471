import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { isAllowedHost, saysInside } from "@/lib/egress/allowed-hosts";
import { placeOfUrl } from "@/lib/egress/policy";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { pick } from "@/lib/kernel/pick";
import type { Transaction } from "@/lib/kernel/transaction";
import { forgetProvider } from "@/lib/oauth/openid/keys";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { companyEgress, listSignInClouds } from "@/lib/oauth/openid/send";
import { decisionAboutPeople } from "@/lib/people/decision";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { countLocalAdministrators } from "../administrators/store";
import { ROLES } from "../roles/schema";
import { isMapped } from "./claims";
import {
  type CreateCompanySignIn,
  companyOnlySchema,
  companySignInIdSchema,
  createCompanySignInSchema,
  SAME_IN_ROW,
  switchCompanySignInSchema,
  updateCompanySignInSchema,
} from "./schema";
import { nextSlug } from "./slugs";
import { endSessionsAt, saveCompanyOnly, sealClientSecret } from "./store";

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
export const createCompanySignIn = decisionAboutPeople({
  input: createCompanySignInSchema,
  async run({ tx, actor }, input): Promise<{ id: string }> {
    const columns = toColumns(input);
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
  },
});

/** What decides who comes, and from where, switches it off until it was tested again. */
export const updateCompanySignIn = decisionAboutPeople({
  input: updateCompanySignInSchema,
  async run({ tx, actor }, input): Promise<void> {
    const { id, version, clientSecret } = input;
    const columns = toColumns(input);
    const before = await tx.companySignIn.findUnique({ where: { id } });
    if (!before) throw gone();
    const isElsewhere = before.issuer !== columns.issuer || before.clientId !== columns.clientId;
    if (isElsewhere) requireSecret(clientSecret);
    const changed: string[] = changedFields(before, columns, LABELS);
    const isUntested = isElsewhere || changed.includes(LABELS.pinned);
    await requireFreeIssuer(tx, columns.issuer, id);
    const { count } = await tx.companySignIn.updateMany({
      where: { id, version },
      data: {
        ...columns,
        version: { increment: 1 },
        ...(clientSecret && {
          clientSecretSealed: sealClientSecret({ id, ...columns }, clientSecret),
        }),
        // A test is about the settings that it was made with.
        ...((isUntested || clientSecret) && { testedAt: null, testReport: Prisma.DbNull }),
        ...(isUntested && { enabled: false }),
      },
    });
    if (count !== 1)
      throw await staleEdit({ kind: "company_sign_in", id, name: before.name }, version, tx);
    await dropWhatFollowed(tx, { id, before, columns });
    const all = clientSecret ? [...changed, "Client secret"] : changed;
    const sessionsEnded = isUntested ? await endSessionsAt(tx, id, actor.sessionId) : 0;
    const detail = { version: version + 1, changed: all, sessionsEnded };
    await tell(tx, actor, { action: "company_sign_in.update", id, name: columns.name, detail });
    for (const issuer of [before.issuer, columns.issuer]) forgetProvider(issuer);
  },
});

function requireSecret(clientSecret: string): void {
  if (clientSecret !== "") return;
  throw fieldError(
    "clientSecret",
    "The issuer or the client changed: enter the client secret again.",
  );
}

type Edit = { id: string; before: { issuer: string }; columns: ReturnType<typeof toColumns> };

async function dropWhatFollowed(tx: Transaction, { id, before, columns }: Edit): Promise<void> {
  // An identity is one of the issuer that it came from.
  const isElsewhere = before.issuer !== columns.issuer;
  if (isElsewhere) await tx.administratorIdentity.deleteMany({ where: { companySignInId: id } });
  if (isElsewhere || !isMapped(columns.roleValues))
    await tx.administrator.updateMany({ where: { managedById: id }, data: { managedById: null } });
}

/** Its sessions end, as what is wrong may be who came; the one of the person who switches goes on. */
export const switchCompanySignIn = decisionAboutPeople({
  input: switchCompanySignInSchema,
  async run({ tx, actor }, { id, enabled }): Promise<number> {
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
    const sessionsEnded = enabled ? 0 : await endSessionsAt(tx, id, actor.sessionId);
    const action = enabled ? "company_sign_in.switch_on" : "company_sign_in.switch_off";
    const detail = { sessionsEnded };
    await tell(tx, actor, { action, id, name: row.name, ...(!enabled && { detail }) });
    return sessionsEnded;
  },
});

/** Deletes it with its identities: who had no other way in needs a link for a password. */
export const deleteCompanySignIn = decisionAboutPeople({
  input: companySignInIdSchema,
  async run({ tx, actor }, { id }): Promise<void> {
    const row = await tx.companySignIn.findUnique({ where: { id }, select: { name: true } });
    if (!row) throw gone();
    await tx.companySignIn.delete({ where: { id }, select: { id: true } });
    await requireLocalOrOther(tx);
    await tell(tx, actor, { action: "company_sign_in.delete", id, name: row.name });
  },
});

async function requireLocalOrOther(tx: Transaction): Promise<void> {
  if ((await countLocalAdministrators(tx)) > 0) return;
  throw new AppError(
    "conflict",
    "No administrator has a password. Give one a password first, so that someone can sign in.",
  );
}

/** Passwords are for emergencies from then on. @throws AppError conflict */
export const setCompanyOnly = decisionAboutPeople({
  input: companyOnlySchema,
  async run({ tx, actor }, { only }): Promise<void> {
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
  },
});

async function requireFreeIssuer(tx: Transaction, issuer: string, ownId?: string): Promise<void> {
  const taken = await tx.companySignIn.findUnique({ where: { issuer }, select: { id: true } });
  if (!taken || taken.id === ownId) return;
  throw refusedBy("company.issuer_taken", "conflict");
}

function gone(): AppError {
  return new AppError("not_found", "This company sign-in no longer exists.");
}

/** What a form says, as the row has it. @throws AppError unprocessable on `issuer` or `cloud` */
function toColumns(input: CreateCompanySignIn) {
  return {
    ...pick(input, SAME_IN_ROW),
    ...companyOf(input),
    roleValues: pick(input, ROLES),
    defaultRole: input.defaultRole || null,
    requiredAmr: input.requiredAmr || null,
  };
}

function companyOf({ preset, cloud, tenantId, domains, issuer }: CreateCompanySignIn) {
  const { people } = PRESET_FACTS[preset];
  switch (people.field) {
    case "tenantId":
      return { cloud, issuer: people.issuerOf(authorityOf(cloud), tenantId), pinned: [tenantId] };
    case "domains":
      return { cloud: null, issuer: people.issuer, pinned: domains };
    case "issuer":
      requireOutside(issuer);
      return { cloud: null, issuer, pinned: [] };
    default:
      throw new Error(`Unhandled field ${people satisfies never}`);
  }
}

function authorityOf(cloud: string): string {
  const found = listSignInClouds().find(({ id }) => id === cloud);
  if (!found) throw fieldError("cloud", "Choose the cloud.");
  return found.authority;
}

function requireOutside(issuer: string): void {
  if (isAllowedHost(placeOfUrl(new URL(issuer)), companyEgress())) return;
  throw fieldError("issuer", saysInside());
}
