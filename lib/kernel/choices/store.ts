import "server-only";
import { db } from "@/lib/kernel/db";
import { searchCondition } from "@/lib/kernel/paging/store";
import { Prisma } from "@/prisma/generated/client";
import { CHOICES_SHOWN, type Choice, type Choices } from "./schema";

type Choosable = {
  /** SELECT id, name, detail FROM …, without WHERE. */
  select: Prisma.Sql;
  filter?: Prisma.Sql;
  /** The expression of the trigram index that is searched. */
  searched: Prisma.Sql;
  search: string;
  orderBy: Prisma.Sql;
};

/** The first that a search finds; one more is read, to tell whether there is more. */
export async function findChoices(asked: Choosable): Promise<Choices> {
  const { select, filter = Prisma.sql`TRUE`, searched, search, orderBy } = asked;
  const rows = await db().$queryRaw<Choice[]>`${select}
    WHERE ${filter} AND ${searchCondition(searched, search)}
    ORDER BY ${orderBy} LIMIT ${CHOICES_SHOWN + 1}`;
  return { found: rows.slice(0, CHOICES_SHOWN), hasMore: rows.length > CHOICES_SHOWN };
}
