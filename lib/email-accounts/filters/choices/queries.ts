import { type Actor, requirePermission } from "@/lib/kernel/actor";
import type { Choices } from "@/lib/kernel/choices/schema";
import { COUNT_CAP } from "@/lib/kernel/paging/schema";
import { findChoices } from "@/lib/kernel/paging/store";
import { SERVICES } from "@/lib/mail/services/schema";
import { Prisma } from "@/prisma/generated/client";
import { SERVICE_LABELS, TEST_SCHEDULE_LABELS, TEST_SCHEDULES } from "../../schema";
import { IS_DELEGATED } from "../queries";

// Counted for the choices shown only, by index, up to the cap.

export async function searchProvidersOfAccounts(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  requirePermission(actor, "providers:read");
  const count = countText(Prisma.sql`e."cloudProviderId" = p.id`);
  return findChoices({
    select: Prisma.sql`SELECT p.id, p.name, ${count} AS detail FROM "CloudProvider" p`,
    searched: Prisma.sql`p."nameKey"`,
    search,
  });
}

export async function searchListsOfAccounts(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  requirePermission(actor, "contacts:read");
  const count = countText(Prisma.sql`e."contactListId" = l.id`);
  return findChoices({
    select: Prisma.sql`SELECT l.id, l.name, ${count} AS detail FROM "ContactList" l`,
    searched: Prisma.sql`l."nameKey"`,
    search,
  });
}

export async function searchDelegates(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  const count = countText(Prisma.sql`${IS_DELEGATED} AND e."usernameKey" = d.id`);
  return findChoices({
    select: Prisma.sql`SELECT d.id, d.id AS name, ${count} AS detail FROM (
      SELECT DISTINCT e."usernameKey" AS id FROM "EmailAccount" e WHERE ${IS_DELEGATED}) AS d`,
    searched: Prisma.sql`d.id`,
    search,
  });
}

export async function searchServicesOfAccounts(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  return findNamed(search, {
    names: SERVICES.map((id) => [id, SERVICE_LABELS[id]]),
    column: Prisma.sql`e.service`,
  });
}

export async function searchSchedulesOfAccounts(actor: Actor, search: string): Promise<Choices> {
  requirePermission(actor, "accounts:read");
  return findNamed(search, {
    names: TEST_SCHEDULES.map((id) => [id, TEST_SCHEDULE_LABELS[id]]),
    column: Prisma.sql`e."testSchedule"`,
  });
}

type Named = { names: (readonly [id: string, name: string])[]; column: Prisma.Sql };

function findNamed(search: string, { names, column }: Named): Promise<Choices> {
  const ids = names.map(([id]) => id);
  const count = countText(Prisma.sql`${column} = n.id`);
  return findChoices({
    select: Prisma.sql`SELECT n.id, n.name, ${count} AS detail
      FROM unnest(${ids}::text[], ${names.map(([, name]) => name)}::text[]) AS n(id, name)`,
    searched: Prisma.sql`lower(n.name)`,
    search,
    orderBy: Prisma.sql`array_position(${ids}::text[], n.id)`,
  });
}

const CAP = COUNT_CAP.toLocaleString("en");

/** SQL: “120 accounts”. */
function countText(ofChoice: Prisma.Sql): Prisma.Sql {
  // Ends: Shown as “1,000+”.
  return Prisma.sql`(SELECT CASE WHEN count(*) > ${COUNT_CAP}::int THEN ${`${CAP}+ accounts`}
      WHEN count(*) = 1 THEN '1 account' ELSE to_char(count(*), 'FM9,990') || ' accounts' END
    FROM (SELECT 1 FROM "EmailAccount" e WHERE ${ofChoice} LIMIT ${COUNT_CAP + 1}) AS counted)`;
}
