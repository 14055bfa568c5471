import "server-only";
import { protocolSchema } from "@/lib/egress/schema";
import { endsSoon, goesOn } from "@/lib/kernel/ends";
import { idSchema } from "@/lib/kernel/fields/schema";
import { type Columns, defineList, text, time } from "@/lib/kernel/paging/store";
import { isMakerLost, joinMaker, NEEDED_FOR_DEVICES } from "@/lib/people/makers/queries";
import { Prisma } from "@/prisma/generated/client";
import { findDevices } from "../queries";

const CREATED_BY = Prisma.sql`d."createdById"`;
const WORKS = Prisma.sql`d."revokedAt" IS NULL`;
const LASTS = Prisma.raw(goesOn(`d."expiresAt"`));
const COLUMNS: Columns<{ id: string }> = Prisma.sql`d.id`;

const working = (condition: Prisma.Sql) => Prisma.sql`${WORKS} AND ${condition}`;

/** The devices that are not revoked; in the view of those that are, these alone. Each order has its index. */
export const listDevices = defineList({
  permission: "devices:read",
  columns: COLUMNS,
  // Each has its account: LEFT, because PostgreSQL then drops the join where no column is read.
  tables: Prisma.sql`FROM "Device" d LEFT JOIN "EmailAccount" e ON e.id = d."emailAccountId"
    ${joinMaker(CREATED_BY)}`,
  id: Prisma.sql`d.id`,
  searched: Prisma.sql`(d."nameKey" || ' ' || d.prefix || ' ' || d."accountKey")`,
  usual: WORKS,
  sorts: {
    created: time(Prisma.sql`d."createdAt"`),
    name: text(Prisma.sql`d."nameKey"`),
    account: text(Prisma.sql`d."accountKey"`),
    lastUsed: time(Prisma.sql`coalesce(d."lastUsedAt", 'epoch'::timestamptz)`),
    // What does not end comes after all that does.
    expires: time(Prisma.sql`coalesce(d."expiresAt", '9999-12-31 00:00:00+00'::timestamptz)`),
  },
  direction: "desc",
  views: {
    active: ["Active", working(Prisma.sql`NOT d.paused AND e.active AND ${LASTS}`)],
    paused: ["Paused", working(Prisma.sql`d.paused`)],
    expiring: ["Expiring", working(Prisma.raw(endsSoon(`d."expiresAt"`)))],
    expired: ["Expired", working(Prisma.sql`d."expiresAt" <= now()`)],
    unused: [
      "Never used",
      working(Prisma.sql`coalesce(d."lastUsedAt", 'epoch'::timestamptz) = 'epoch'::timestamptz`),
    ],
    refused: [
      "Refused in 24 hours",
      working(Prisma.sql`d."lastRefusedAt" > now() - interval '24 hours'`),
    ],
    orphaned: [
      "Creator lost access",
      working(
        isMakerLost({
          createdById: CREATED_BY,
          permissions: Prisma.sql`${NEEDED_FOR_DEVICES}::text[]`,
        }),
      ),
    ],
    revoked: ["Revoked", Prisma.sql`d."revokedAt" IS NOT NULL`],
  },
  filters: { emailAccountId: idSchema.optional(), protocol: protocolSchema.optional() },
  where: ({ emailAccountId, protocol }) => [
    emailAccountId && Prisma.sql`d."emailAccountId" = ${emailAccountId}::uuid`,
    protocol && Prisma.sql`${protocol} = ANY(d.protocols)`,
  ],
  rows: (found) => findDevices(found.map(({ id }) => id)),
});
