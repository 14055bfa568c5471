import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { endsSoon, goesOn } from "@/lib/kernel/ends";
import type { ListParams, Page, ViewCount } from "@/lib/kernel/paging/schema";
import { allOf, findPage } from "@/lib/kernel/paging/store";
import { findViewCounts } from "@/lib/kernel/paging/views/store";
import { Prisma } from "@/prisma/generated/client";
import { isMakerLost, joinMaker, NEEDED_FOR_DEVICES } from "../../makers/store";
import { findDevices } from "../queries";
import {
  DEVICE_VIEWS,
  type DeviceFilters,
  type DeviceRow,
  type DeviceSort,
  type DeviceView,
} from "../schema";

const CREATED_BY = Prisma.sql`d."createdById"`;
/** Each has its account: LEFT, because PostgreSQL then drops the join where no column is read. */
const FROM = Prisma.sql`FROM "Device" d LEFT JOIN "EmailAccount" e ON e.id = d."emailAccountId"
  ${joinMaker(CREATED_BY)}`;
const WORKS = Prisma.sql`d."revokedAt" IS NULL`;
const REVOKED = Prisma.sql`d."revokedAt" IS NOT NULL`;
/** As its index has it. */
const SEARCHED = Prisma.sql`(d."nameKey" || ' ' || d.prefix || ' ' || d."accountKey")`;

/** As the indexes have it: what does not end comes after all that does. */
const USED = Prisma.sql`coalesce(d."lastUsedAt", 'epoch'::timestamptz)`;
const EXPIRES = Prisma.sql`coalesce(d."expiresAt", '9999-12-31 00:00:00+00'::timestamptz)`;
/** As far as a list is sorted by it. */
const MESSAGES = Prisma.sql`least(d.messages, 999999999)::int`;

const PROTOCOLS = Prisma.sql`device_protocols(d.protocols)`;

const LASTS = Prisma.raw(goesOn(`d."expiresAt"`));
/** One state each, as a row tells it (../queries.ts): those that need someone come first. */
const STATE_KINDS = [
  Prisma.sql`d."expiresAt" <= now()`,
  // An array: a join would read all devices.
  Prisma.sql`(${LASTS} AND NOT d.paused AND d."emailAccountId" = ANY(ARRAY(
    SELECT x.id FROM "EmailAccount" x WHERE x.state = 'inactive')))`,
  Prisma.sql`(${LASTS} AND d.paused)`,
  Prisma.sql`(${LASTS} AND NOT d.paused AND e.state <> 'inactive')`,
];
/** Which of them a row is. */
const STATE = Prisma.sql`CASE WHEN NOT ${LASTS} THEN 0 WHEN d.paused THEN 2 WHEN e.active THEN 3 ELSE 1 END`;

type FoundRow = {
  id: string;
  nameKey: string;
  accountKey: string;
  searchedKey: string;
  createdAt: Date;
  usedAt: Date;
  endsAt: Date;
  sent: number;
  protocolKey: string;
  stateKind: number;
  revokedAt: Date | null;
};

const ROW = Prisma.sql`SELECT d.id, d."nameKey", e."nameKey" AS "accountKey", d."accountKey" AS "searchedKey", d."createdAt", ${USED} AS "usedAt",
    ${EXPIRES} AS "endsAt", ${MESSAGES} AS sent, ${PROTOCOLS} AS "protocolKey", ${STATE} AS "stateKind",
    d."revokedAt" ${FROM}`;

const SORTS = {
  created: {
    column: Prisma.sql`d."createdAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.createdAt.toISOString(),
  },
  name: { column: Prisma.sql`d."nameKey"`, type: "text", value: (row: FoundRow) => row.nameKey },
  account: {
    column: Prisma.sql`e."nameKey"`,
    type: "text",
    value: (row: FoundRow) => row.accountKey,
    groups: {
      from: Prisma.sql`"EmailAccount" g`,
      key: Prisma.sql`g."nameKey"`,
      holds: Prisma.sql`d."emailAccountId" = g.id`,
    },
  },
  protocols: { column: PROTOCOLS, type: "text", value: (row: FoundRow) => row.protocolKey },
  state: {
    column: STATE,
    type: "integer",
    value: (row: FoundRow) => String(row.stateKind),
    kinds: STATE_KINDS,
  },
  lastUsed: {
    column: USED,
    type: "timestamptz",
    value: (row: FoundRow) => row.usedAt.toISOString(),
  },
  messages: { column: MESSAGES, type: "integer", value: (row: FoundRow) => String(row.sent) },
  expires: {
    column: EXPIRES,
    type: "timestamptz",
    value: (row: FoundRow) => row.endsAt.toISOString(),
  },
} as const;

/** In the views of few: account after account would be gone through for them. */
const { groups: _, ...BY_ACCOUNT } = SORTS.account;
const SORTS_OF_FEW = { ...SORTS, account: BY_ACCOUNT };
/** What accounts are called stands with the devices too, for the search; the revoked ones are sorted by that. */
const SORTS_OF_REVOKED = {
  ...SORTS,
  account: {
    column: Prisma.sql`d."accountKey"`,
    type: "text",
    value: (row: FoundRow) => row.searchedKey,
  },
  // All are in one state: by when they came into it.
  state: {
    column: Prisma.sql`d."revokedAt"`,
    type: "timestamptz",
    value: (row: FoundRow) => row.revokedAt?.toISOString() ?? "",
  },
} as const;

function sortsOf(view: DeviceView | undefined) {
  if (view === "revoked") return SORTS_OF_REVOKED;
  return view === undefined || view === "active" ? SORTS : SORTS_OF_FEW;
}

const working = (condition: Prisma.Sql) => Prisma.sql`${WORKS} AND ${condition}`;

const CONDITIONS: Readonly<Record<DeviceView, Prisma.Sql>> = {
  active: working(Prisma.sql`NOT d.paused AND e.active AND ${LASTS}`),
  paused: working(Prisma.sql`d.paused`),
  expiring: working(Prisma.raw(endsSoon(`d."expiresAt"`))),
  expired: working(Prisma.sql`d."expiresAt" <= now()`),
  unused: working(Prisma.sql`${USED} = 'epoch'::timestamptz`),
  refused: working(Prisma.sql`d."lastRefusedAt" > now() - interval '24 hours'`),
  orphaned: working(
    isMakerLost({
      createdById: CREATED_BY,
      permissions: Prisma.sql`${NEEDED_FOR_DEVICES}::text[]`,
    }),
  ),
  revoked: REVOKED,
};

/** The devices that are not revoked; in the view of those that are, these alone. */
export async function listDevices(
  actor: Actor,
  params: ListParams<DeviceSort> & DeviceFilters,
): Promise<Page<DeviceRow>> {
  requirePermission(actor, "devices:read");
  const { view, emailAccountId, protocol } = params;
  const { rows, ...page } = await findPage<DeviceSort, FoundRow>({
    params,
    sorts: sortsOf(view),
    id: Prisma.sql`d.id`,
    select: ROW,
    from: FROM,
    searched: SEARCHED,
    filter: allOf([
      view ? CONDITIONS[view] : WORKS,
      ofAccount(emailAccountId),
      ofProtocol(protocol),
    ]),
  });
  return {
    rows: await findDevices(
      actor,
      rows.map(({ id }) => id),
      { isRevoked: view === "revoked" },
    ),
    ...page,
  };
}

function ofAccount(id: string | undefined): Prisma.Sql | undefined {
  return id === undefined ? undefined : Prisma.sql`d."emailAccountId" = ${id}::uuid`;
}

function ofProtocol(protocol: DeviceFilters["protocol"]): Prisma.Sql | undefined {
  return protocol && Prisma.sql`${protocol} = ANY(d.protocols)`;
}

/** How many devices each view has, of those that a search and the other filters find. */
export async function countDeviceViews(
  actor: Actor,
  search = "",
  { emailAccountId, protocol }: DeviceFilters = {},
): Promise<ViewCount<DeviceView>[]> {
  requirePermission(actor, "devices:read");
  return findViewCounts({
    views: DEVICE_VIEWS,
    from: FROM,
    conditions: CONDITIONS,
    filter: allOf([ofAccount(emailAccountId), ofProtocol(protocol)]),
    search,
    searched: SEARCHED,
  });
}
