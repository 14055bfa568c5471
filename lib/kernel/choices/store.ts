import "server-only";
import { db } from "@/lib/kernel/db";
import { searchCondition } from "@/lib/kernel/paging/store";
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

/** Reads one row more, to know whether there are more. */
export async function findChoices(asked: Choosable): Promise<Choices> {
  const { select, filter = Prisma.sql`TRUE`, searched, search, orderBy } = asked;
  const rows = await db().$queryRaw<Choice[]>`${select}
    WHERE ${filter} AND ${searchCondition(searched, search)}
    ORDER BY ${orderBy} LIMIT ${CHOICES_SHOWN + 1}`;
  return { found: rows.slice(0, CHOICES_SHOWN), hasMore: rows.length > CHOICES_SHOWN };
}
