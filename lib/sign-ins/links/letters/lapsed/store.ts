import "server-only";
import { db } from "@/lib/kernel/db";
import { helpedBySignIn } from "@/lib/remedies/shown-state";
import { Prisma } from "@/prisma/generated/client";
import { LINK_HOURS } from "../../schema";
import { isOpenLink } from "../../store";
import { SETTLED_MINUTES } from "../schema";
import { isAddressed } from "../store";

/** Whether it is this keeper's turn to look for sign-ins that lapsed: two at once would write to a person twice. */
export async function takeTurn(): Promise<boolean> {
  const taken = await db().$executeRaw`UPDATE "Installation" SET "lapsedLookedAt" = now()
    WHERE id = 1 AND NOT postkey_holds("lapsedLookedAt" + interval '50 s', interval '50 s')`;
  return taken === 1;
}

export type Lapsing = { username: string; sentAt: Date };
export type Lapsed = { cloudProviderId: string; username: string };

/** Long enough that a hiccup of the platform is over, and short enough for a working day. */
const SETTLED = Prisma.sql`interval '${Prisma.raw(String(SETTLED_MINUTES))} minutes'`;
const LINK_LIFE = Prisma.raw(`interval '${LINK_HOURS} hours'`);
const LAPSED_AT = Prisma.sql`coalesce(t."failingSince", t."failedAt")`;

/**
 * The people whose sign-in lapsed, for active accounts, and who have no link: neither an open one nor a letter
 * within the life of one. Whom a policy blocks is not asked to sign in. The first to lapse comes first.
 */
export function findLapsed(): Promise<Lapsed[]> {
  return db().$queryRaw<Lapsed[]>`
    SELECT a."cloudProviderId", a.username ${lapsedPeople()} AND ${LAPSED_AT} < now() - ${SETTLED}
    ORDER BY ${LAPSED_AT}, a.id`;
}

/** Those whose turn comes within minutes, unless the platform takes them back first. */
export function findLapsing(): Promise<Lapsing[]> {
  return db().$queryRaw<Lapsing[]>`
    SELECT a.username, ${LAPSED_AT} + ${SETTLED} AS "sentAt" ${lapsedPeople()}
      AND ${LAPSED_AT} BETWEEN now() - ${SETTLED} AND now() + ${SETTLED}
    ORDER BY ${LAPSED_AT}, a.id`;
}

function lapsedPeople(): Prisma.Sql {
  return Prisma.sql`FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
    JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    WHERE t.state = 'sign_in_again' AND p."grant" = 'delegated' AND a."grant" = 'delegated'
      AND (t."failureId" IS NULL OR t."failureId" = ANY(${helpedBySignIn()}::text[]))
      AND EXISTS (SELECT 1 FROM "EmailAccount" e WHERE e."cloudProviderId" = p.id AND e.active
        AND e."usernameKey" = a.username)
      AND NOT EXISTS (SELECT 1 FROM "SignInLink" l WHERE l."cloudProviderId" = p.id
        AND l."usernameKey" = a.username AND ${isOpenLink})
      AND NOT EXISTS (SELECT 1 FROM "Letter" m WHERE m."recipientKey" = a.username
        AND m.kind IN ('sign_in_link', 'lapsed') AND m."createdAt" > now() - ${LINK_LIFE})`;
}

/**
 * Who of them gets a letter: a person with an address, who signs in at several providers, gets one; the next one when its
 * time has come.
 */
export function recipientsOf<P extends { username: string }>(lapsed: readonly P[]): P[] {
  const written = lapsed.filter(isAddressed).toReversed();
  return [...new Map(written.map((each) => [each.username, each])).values()].toReversed();
}

/** How many letters went into line by themselves within a day. */
export async function countLapsedToday(): Promise<number> {
  const [row] = await db().$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM "Letter"
    WHERE kind = 'lapsed' AND "createdAt" > now() - interval '24 hours'`;
  return row?.count ?? 0;
}
