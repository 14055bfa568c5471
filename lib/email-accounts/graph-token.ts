import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "@/lib/kernel/actor";
import { elapsed, fromNow } from "@/lib/kernel/clock";
import { SealError } from "@/lib/kernel/crypto";
import type { MailService } from "@/lib/mail/services/schema";
import { findCloud, withHosts } from "@/lib/oauth/configured-clouds";
import { type GraphWay, usesIn, usesOf } from "@/lib/oauth/graph-uses";
import type { AskedOfGraph } from "@/lib/oauth/service";
import { refusedBy } from "@/lib/remedies/app-error";
import { identitiesOf } from "@/lib/sign-ins/identities";
import { renewGraphToken } from "@/lib/sign-ins/tokens/graph/renew";
import {
  expireGraphToken,
  findGraphToken,
  openGraphToken,
  type StoredGraphToken,
} from "@/lib/sign-ins/tokens/graph/store";
import { claimOne } from "@/lib/sign-ins/tokens/leases/store";
import type { ModernToken } from "@/lib/sign-ins/tokens/of-account/store";
import {
  findReached,
  MIN_REMAINING_MS,
  requireActive,
  UNREACHABLE,
  WAIT_FOR_OTHER_MS,
} from "./access-token";
import { failed, isTest, type TokenPurpose } from "./access-token-in-row";

export type WantedOfGraph = { purpose: Exclude<TokenPurpose, "session">; way: GraphWay };

export type GraphToken = {
  accessToken: string;
  expiresAt: Date;
  scopes: string[];
  username: string;
  emailAddress: string;
  /** Origin of Microsoft Graph in the account's cloud. */
  origin: string;
  /** Below the origin: whose mailbox it is for. */
  path: string;
  /** Whose requests are counted together. */
  application: string;
  service: MailService;
  /** Its server refuses it: the next use fetches another. */
  drop: () => Promise<void>;
};

/**
 * The same sign-in's token for Microsoft Graph, renewed when it is needed. Whatever refuses it leaves
 * the account's token for the mail servers, and its state, as they are.
 * @throws AppError with its remedy
 * @permission tokens:read to hand it out; NEEDED has the others.
 */
export async function getGraphToken(
  actor: Actor,
  emailAccountId: string,
  { purpose, way }: WantedOfGraph,
): Promise<GraphToken> {
  const deadline = elapsed() + WAIT_FOR_OTHER_MS;
  for (let isAsked = false; elapsed() < deadline; await sleep(isAsked ? 0 : 100)) {
    const stored = await findReached(actor, emailAccountId, purpose);
    if (!isTest(purpose)) requireActive(stored);
    // It carries all that the application may do at Graph, its own secrets included.
    if (purpose === "hand_out" && stored.isAppOnly)
      throw refusedBy("graph.token_of_application", "access_denied");
    const kept = await findGraphToken(stored.authorizationId);
    const token = kept && usable(stored, kept, { purpose, way, isAsked });
    if (token) return token;
    const needed = usesOf(way, identitiesOf(stored).isDelegate);
    isAsked = await renewHere(stored, { way, needed, kept: usesIn(kept?.scopes ?? []) });
  }
  throw failed(UNREACHABLE);
}

/** @returns whether it was asked for here @throws AppError with what the platform refused */
async function renewHere(stored: ModernToken, asked: AskedOfGraph): Promise<boolean> {
  const claim = await claimOne(`web-${randomUUID()}`, stored);
  const failure = claim && (await renewGraphToken(claim, asked));
  if (failure) throw failed(failure.failureId, failure.state, failure.waitMs);
  return claim !== null;
}

type Use = WantedOfGraph & { isAsked: boolean };

/** The one consent that is missing says nothing of the other. */
const OF_OTHER_WAY = {
  send: "graph.read_not_consented",
  read: "graph.send_not_consented",
} as const satisfies Record<GraphWay, string>;

/** Null: to be renewed. @throws AppError the last refusal, while the platform is not asked again */
function usable(stored: ModernToken, kept: StoredGraphToken, { purpose, way, isAsked }: Use) {
  const isRepaired = kept.failureId !== null && isTest(purpose);
  if (!isAsked && (purpose === "test_fresh" || isRepaired)) return null;
  const token = handOut(stored, kept, { way, leastMs: isAsked ? 0 : MIN_REMAINING_MS });
  if (!token && kept.failureId && kept.failureId !== OF_OTHER_WAY[way] && kept.restMs > 0)
    throw failed(kept.failureId, kept.failureState ?? undefined, kept.restMs);
  return token;
}

function handOut(
  stored: ModernToken,
  kept: StoredGraphToken,
  { way, leastMs }: { way: GraphWay; leastMs: number },
): GraphToken | null {
  const { isDelegate, mailbox } = identitiesOf(stored);
  const { accessTokenSealed: sealed, scopes, lifeMs } = kept;
  const has = usesIn(scopes);
  const isFor = stored.isAppOnly || usesOf(way, isDelegate).every((use) => has.includes(use));
  if (!sealed || !isFor || lifeMs <= leastMs) return null;
  try {
    const accessToken = openGraphToken(stored, sealed);
    const { username, emailAddress, clientId: application, service } = stored;
    const isOwn = !stored.isAppOnly && !isDelegate;
    const path = isOwn ? "/v1.0/me" : `/v1.0/users/${encodeURIComponent(mailbox)}`;
    const origin = graphOf(stored);
    return {
      accessToken,
      expiresAt: fromNow(lifeMs),
      scopes,
      username,
      emailAddress,
      origin,
      path,
      application,
      service,
      drop: () => expireGraphToken(stored.authorizationId, sealed),
    };
  } catch (error) {
    if (error instanceof SealError) throw failed("postkey.locked", "locked");
    throw error;
  }
}

function graphOf({ cloud, providerHosts }: ModernToken): string {
  const preset = findCloud(cloud);
  const { graph } = preset ? withHosts(preset, providerHosts) : {};
  if (!graph) throw refusedBy("graph.not_in_cloud", "conflict");
  return new URL(graph).origin;
}
