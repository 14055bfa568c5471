import {
  type Actor,
  requirePermissionOnAccounts,
  requirePermissionToSee,
} from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import { isValid } from "@/lib/people/validity";
import { grantSchema } from "@/lib/registrations/rows/schema";
import { mailboxName, nameUnlessApp, signedInName } from "@/lib/sign-ins/identities";
import { openLinksOfOnly } from "@/lib/sign-ins/links/queries";
import { Prisma } from "@/prisma/generated/client";
import { listEmailAccounts } from "../queries";
import { accountScope } from "../store";
import {
  type AccountUse,
  type AskedAccounts,
  MAX_CHANGED,
  type Named,
  type SelectedAccount,
  type Selection,
  type SignInPlan,
} from "./schema";

/** SQL: selected accounts `e` in the actor's reach. */
export function selectedAccounts(selection: Selection, actor: Actor): Prisma.Sql {
  const scope = accountScope(actor);
  return selection.accounts === "selected"
    ? Prisma.sql`e.id = ANY(${selection.emailAccountIds}::uuid[]) AND ${scope}`
    : Prisma.sql`${listEmailAccounts.condition(selection)} AND ${scope}`;
}

/**
 * In list order. What the list shows later does not matter.
 * @throws AppError unprocessable: none, or too many
 */
export async function findSelected(actor: Actor, selection: Selection): Promise<SelectedAccount[]> {
  requirePermissionOnAccounts(actor, "accounts:read");
  // Ends: More are refused, before anything is changed.
  const rows = await db().$queryRaw<SelectedAccount[]>`
    SELECT e.id, e.name FROM "EmailAccount" e WHERE ${selectedAccounts(selection, actor)}
    ORDER BY e."nameKey", e.id LIMIT ${MAX_CHANGED + 1}`;
  requireSeen(rows.length, { selection });
  return rows;
}

/**
 * Only lists are compared: named accounts may be gone, as after a repeated request.
 * @throws AppError stale; unprocessable: none, or too many
 */
export function requireSeen(count: number, { selection, expected }: AskedAccounts): void {
  if (count > MAX_CHANGED) throw new AppError("unprocessable", TOO_MANY);
  if (selection.accounts === "selected") return;
  if (expected !== undefined && expected !== count)
    throw new AppError(
      "stale",
      `The selection has ${counted(count, "account")} now, not ${expected.toLocaleString("en")}. Nothing was changed. Read the list again, and send its number as \`expected\`.`,
    );
  if (count === 0) throw new AppError("unprocessable", "None of these accounts exists any more.");
}

const TOO_MANY = `You can change up to ${MAX_CHANGED.toLocaleString("en")} accounts at once. Narrow the list.`;

const NAMED = 5;

/** What stops with the selected accounts. */
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

/** Each person once, by provider; accounts that no sign-in helps are counted by state. */
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
    provider.people.push(person);
  }
  return [...providers.values()];
}
