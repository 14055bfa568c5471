import "server-only";
import { db } from "@/lib/kernel/db";
import { searchCondition } from "@/lib/kernel/paging/store";
import { nameKey } from "@/lib/kernel/text/normalize";
import { mailHouse, SERVICES } from "@/lib/mail/houses/schema";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { Prisma } from "@/prisma/generated/client";
import { titleOf } from "../messages";

/** What some of the incidents are called: a text of the error catalogue, which is no part of the database. */
export type Title = { remedyId: string; isRotation: boolean; title: string };

/** The titles of all incidents that there are, each by one step of the index. */
export async function findTitles(): Promise<Title[]> {
  // Ends: The next different remedy.
  const rows = await db().$queryRaw<{ remedyId: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT "remedyId" FROM "Incident" ORDER BY "remedyId" LIMIT 1)
      UNION ALL
      SELECT (SELECT i."remedyId" FROM "Incident" i WHERE i."remedyId" > found."remedyId"
        ORDER BY i."remedyId" LIMIT 1) FROM found WHERE found."remedyId" IS NOT NULL)
    SELECT "remedyId" FROM found WHERE "remedyId" IS NOT NULL`;
  return rows.flatMap(({ remedyId }) =>
    [false, true].map((isRotation) => ({
      remedyId,
      isRotation,
      title: titleKey(remedyId, isRotation),
    })),
  );
}

/** As titles are compared. */
export function titleKey(remedyId: string, isRotation: boolean): string {
  return nameKey(titleOf(remedyId, isRotation));
}

const IS_ROTATION = Prisma.sql`(kind = 'rotation')`;

/** What the list is sorted by where it is sorted by titles: all of one title after the other. */
export function byTitle(titles: readonly Title[]) {
  const ids = titles.map(({ remedyId }) => remedyId);
  const rotations = titles.map(({ isRotation }) => isRotation);
  const texts = titles.map(({ title }) => title);
  const named = Prisma.sql`unnest(${ids}::text[], ${rotations}::boolean[], ${texts}::text[])
    AS g("ofRemedy", "ofRotation", "titleKey")`;
  const holds = Prisma.sql`"remedyId" = g."ofRemedy" AND ${IS_ROTATION} = g."ofRotation"`;
  return {
    column: Prisma.sql`(SELECT g."titleKey" FROM ${named} WHERE ${holds})`,
    groups: { from: named, key: Prisma.sql`g."titleKey"`, holds },
  };
}

/** As its index has it. */
export const INCIDENT_SEARCH = Prisma.sql`incident_searched(subject, "accountNames")`;

/** SQL: the incidents whose title, or whose cloud, has what is searched for in it. */
export function foundByTitle(search: string, titles: readonly Title[]): Prisma.Sql {
  const key = nameKey(search);
  const fitting = titles.filter(({ title }) => title.includes(key));
  const ofTitle = [false, true].map((isRotation) => {
    const ids = fitting.filter((title) => title.isRotation === isRotation);
    return Prisma.sql`("remedyId" = ANY(${ids.map(({ remedyId }) => remedyId)}::text[])
      AND ${IS_ROTATION} = ${isRotation})`;
  });
  // They are stored by their id, and shown by their name.
  const named = [
    ...configuredClouds().map(({ id, label }) => ({ id, label, kind: "platform" })),
    ...SERVICES.map((id) => ({ id, label: mailHouse(id).label, kind: "mail" })),
  ];
  const ofName = named
    .filter(({ label }) => nameKey(label).includes(key))
    .map(
      ({ id, kind }) => Prisma.sql`(${searchCondition(INCIDENT_SEARCH, id)} AND kind = ${kind})`,
    );
  return Prisma.join([...ofTitle, ...ofName], " OR ");
}

/** SQL: the incidents that a search finds, by what their rows show and the accounts that they name. */
export async function incidentSearch(search: string): Promise<Prisma.Sql> {
  if (nameKey(search) === "") return Prisma.sql`TRUE`;
  const titles = await findTitles();
  return Prisma.sql`(${searchCondition(INCIDENT_SEARCH, search)} OR ${foundByTitle(search, titles)})`;
}
