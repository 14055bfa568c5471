import "server-only";
import { db } from "@/lib/kernel/db";
import { searchCondition } from "@/lib/kernel/paging/store";
import { nameKey } from "@/lib/kernel/text/normalize";
import { Prisma } from "@/prisma/generated/client";
import { CHOICES_SHOWN, type Choice, type Choices } from "./schema";

type Choosable = {
  select: Prisma.Sql;
  filter?: Prisma.Sql;
  /** As in the trigram index. */
  searched: Prisma.Sql;
  search: string;
  orderBy: Prisma.Sql;
};

/** An exact name or address first. Reads one row more, to know whether there are more. */
export async function findChoices(asked: Choosable): Promise<Choices> {
  const { select, filter = Prisma.sql`TRUE`, searched, search, orderBy } = asked;
  const matching = Prisma.sql`${select} WHERE ${filter} AND ${searchCondition(searched, search)}`;
  const limit = Prisma.sql`LIMIT ${CHOICES_SHOWN + 1}`;
  const key = nameKey(search);
  const exact = Prisma.sql`(SELECT * FROM (${matching}) c
    WHERE ${key} IN (lower(c.name), lower(to_jsonb(c) ->> 'detail')) ${limit}) UNION ALL`;
  const rows = await db().$queryRaw<Choice[]>`${key === "" ? Prisma.empty : exact}
    (${matching} ORDER BY ${orderBy} ${limit})`;
  const found = [...new Map(rows.map((row) => [row.id, row])).values()];
  return { found: found.slice(0, CHOICES_SHOWN), hasMore: found.length > CHOICES_SHOWN };
}
