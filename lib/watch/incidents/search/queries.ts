import { searchCondition } from "@/lib/kernel/paging/store";
import { nameKey } from "@/lib/kernel/text/normalize";
import { mailService, SERVICES } from "@/lib/mail/services/schema";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import { listRemedies, UNKNOWN_IDS } from "@/lib/remedies/catalogue";
import { Prisma } from "@/prisma/generated/client";
import { titleOf } from "../messages";

const SEARCHED = Prisma.sql`incident_searched(subject, "accountNames")`;

/** SQL; titles, clouds and services are stored by id. */
export function incidentSearch(search: string): Prisma.Sql {
  const key = nameKey(search);
  const has = (text: string) => nameKey(text).includes(key);
  const ids = listRemedies().map(({ id }) => id);
  const titled = (isRotation: boolean) => {
    const fitting = ids.filter((id) => has(titleOf(id, isRotation)));
    const others = UNKNOWN_IDS.some((id) => has(titleOf(id, isRotation)));
    return Prisma.sql`(("remedyId" = ANY(${fitting}::text[]) OR (${others} AND "remedyId" <> ALL(${ids}::text[])))
      AND (kind = 'rotation') = ${isRotation})`;
  };
  const named = [
    ...configuredClouds().map(({ id, label }) => ({ id, label, kind: "platform" })),
    ...SERVICES.map((id) => ({ id, label: mailService(id).label, kind: "mail" })),
  ].filter(({ label }) => has(label));
  return Prisma.sql`(${Prisma.join(
    [
      searchCondition(SEARCHED, search),
      titled(false),
      titled(true),
      ...named.map(
        ({ id, kind }) => Prisma.sql`(${searchCondition(SEARCHED, id)} AND kind = ${kind})`,
      ),
    ],
    " OR ",
  )})`;
}
