import "server-only";
import {
  type Actor,
  requirePermissionOnAccounts,
  requirePermissionToSee,
} from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { grantSchema } from "@/lib/oauth/schema";
import { isValid } from "@/lib/people/validity";
import { isByItself } from "@/lib/registrations/registration/schema";
import { mailboxName, nameUnlessApp, signedInName } from "@/lib/sign-ins/identities";
import { openLinksOfOnly } from "@/lib/sign-ins/links/queries";
import { Prisma } from "@/prisma/generated/client";
import { listEmailAccounts } from "../queries";
import { accountScope } from "../store";
import {
  type AccountUse,
  type FindSelected,
  MAX_CHANGED,
  type Named,
  type SelectedAccount,
  type SelectedNow,
  type Selection,
  type SignInPlan,
} from "./schema";
import { requireSeen, seenAsOf } from "./seen";

/** SQL: the accounts `e` that were selected, of those that the actor reaches. */
export function selectedAccounts(selection: Selection, actor: Actor): Prisma.Sql {
  const scope = accountScope(actor);
  return selection.accounts === "selected"
    ? Prisma.sql`e.id = ANY(${selection.emailAccountIds}::uuid[]) AND ${scope}`
    : Prisma.sql`${listEmailAccounts.condition(selection)} AND ${scope}`;
}

/** How many accounts are selected, exactly: what a person confirms. */
export async function countSelected(actor: Actor, selection: Selection): Promise<SelectedNow> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const which = selectedAccounts(selection, actor);
  const [row] = await db().$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "EmailAccount" e WHERE ${which}`;
  const count = row?.count ?? 0;
  if (selection.accounts === "selected")
    return { count, missing: Math.max(0, selection.emailAccountIds.length - count) };
  if (count > MAX_CHANGED) return { count, missing: 0 };
  const rows = await db().$queryRaw<{ id: string }[]>`
    SELECT e.id FROM "EmailAccount" e WHERE ${which}`;
  return { count: rows.length, missing: 0, seenAs: seenAsOf(rows) };
}

/**
 * The accounts of a selection one by one, in the order of the list, for who changes them part by part: whatever
 * the list shows meanwhile, these are the ones that were confirmed.
 *
 * @throws AppError stale, unprocessable: see requireSeen
 */
export async function findSelected(actor: Actor, input: FindSelected): Promise<SelectedAccount[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  // Ends: More are refused, before anything is changed.
  const rows = await db().$queryRaw<SelectedAccount[]>`
    SELECT e.id, e.name FROM "EmailAccount" e WHERE ${selectedAccounts(input.selection, actor)}
    ORDER BY e."nameKey", e.id LIMIT ${MAX_CHANGED + 1}`;
  requireSeen(rows, input);
  return rows;
}

const NAMED = 5;

/** What is refused when the selected accounts are deleted or deactivated. */
export async function findAccountUse(actor: Actor, selection: Selection): Promise<AccountUse> {
  requirePermissionToSee(actor, "accounts:write");
  const which = selectedAccounts(selection, actor);
  const [[devices], [keys], [links]] = await Promise.all([
    db().$queryRaw<Named[]>`${NAMES} FROM "Device" u WHERE ${WORKS}
      AND u."emailAccountId" IN (SELECT e.id FROM "EmailAccount" e WHERE ${which})`,
    db().$queryRaw<Named[]>`${NAMES} FROM "ApiKey" u WHERE ${WORKS}
      AND EXISTS (SELECT 1 FROM "EmailAccount" e WHERE ${which}
        AND (e.id = ANY(u."accountIds") OR starts_with(e."keyKey", u."accountKeyPrefix")))`,
    db().$queryRaw<Named[]>`${NAMES} FROM ${openLinksOfOnly(which)}`,
  ]);
  return { devices: devices ?? NOTHING, keys: keys ?? NOTHING, links: links ?? NOTHING };
}

const WORKS = Prisma.raw(isValid("u"));
const NOTHING: Named = { count: 0, names: [] };
const NAMES = Prisma.sql`SELECT count(*)::int AS count,
  coalesce((array_agg(u.name ORDER BY u.name, u.id))[1:${NAMED}], '{}') AS names`;

type Found = {
  cloudProviderId: string;
  providerName: string;
  grant: string;
  username: string;
  emailAccountId: string;
  accounts: number;
  mailboxes: string[];
};

/**
 * Who has to sign in so that the selected accounts work: each person once, grouped by provider. What no
 * sign-in helps is counted by its state.
 */
export async function listSignIns(actor: Actor, selection: Selection): Promise<SignInPlan> {
  requirePermissionOnAccounts(actor, "accounts:read");
  const which = selectedAccounts(selection, actor);
  const [rows, others] = await Promise.all([
    db().$queryRaw<Found[]>`
      SELECT p.id AS "cloudProviderId", p.name AS "providerName", p."grant",
        ${Prisma.raw(nameUnlessApp("min(e.username)", "p"))} AS username,
        (array_agg(e.id ORDER BY e."nameKey", e.id))[1] AS "emailAccountId", count(*)::int AS accounts,
        CASE WHEN p."grant" = 'app_only' THEN '{}'
          ELSE array_agg(DISTINCT ${Prisma.raw(mailboxName("e"))} ORDER BY ${Prisma.raw(mailboxName("e"))}) END AS mailboxes
      FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
      WHERE e.state IN ('not_signed_in', 'sign_in_again') AND ${which}
      GROUP BY p.id, ${Prisma.raw(signedInName("e", "p"))}
      ORDER BY p."nameKey", username`,
    db().$queryRaw<SignInPlan["others"]>`
      SELECT e.state, count(*)::int AS accounts FROM "EmailAccount" e
      WHERE (e.state NOT IN ('not_signed_in', 'sign_in_again') OR e."cloudProviderId" IS NULL) AND ${which}
      GROUP BY e.state ORDER BY accounts DESC`,
  ]);
  return { providers: byProvider(rows), others };
}

function byProvider(rows: Found[]): SignInPlan["providers"] {
  const providers = new Map<string, SignInPlan["providers"][number]>();
  for (const { cloudProviderId: id, providerName: name, grant, ...person } of rows) {
    const provider = providers.get(id) ?? { id, name, grant: grantSchema.parse(grant), people: [] };
    providers.set(id, provider);
    provider.people.push({ ...person, address: addressOf({ id, grant, ...person }) });
  }
  return [...providers.values()];
}

/** Where an administrator begins it: at the account, or at the provider that gets its tokens by itself. */
function addressOf(at: { id: string; grant: string; emailAccountId: string }): string {
  const path = isByItself(at.grant)
    ? `/settings/cloud-providers/${at.id}`
    : `/email/accounts/${at.emailAccountId}`;
  return new URL(path, env().url).href;
}
