import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { configuredClouds } from "@/lib/oauth/configured-clouds";
import {
  type Claim,
  type ClaimLimits,
  claimDue,
  tenantsAtLimit,
} from "@/lib/sign-ins/tokens/leases/store";
import { refreshClaimed } from "@/lib/sign-ins/tokens/refresh";
import { Breaker, type PlatformProbe } from "./breaker";
import { createPassingOver } from "./passing-over";
import { createSlots } from "./slots";

const NONE_BUSY: ReadonlyMap<string, number> = new Map();

type Asked = Pick<ClaimLimits, "limit" | "without" | "only" | "isOfUnfailed">;
type LeftAlone = { tenants: string[]; authorities: string[] };
type PassingOver = ReturnType<typeof createPassingOver>;

/**
 * Renews due tokens, so many at a time. Slow answers of some tenants do not keep the others waiting: slots are
 * filled as soon as a quarter of them is free, and with tenants that answer at once first. A circuit breaker leaves
 * alone tenants, and identity platforms, that do not answer; what finds out whether they do again takes at most a
 * quarter of the slots.
 */
export class Refresher {
  readonly #keeperId: string;
  readonly #perTenant: number;
  readonly #slots: ReturnType<typeof createSlots>;
  readonly #breaker = new Breaker();
  readonly #overSlow = createPassingOver();
  readonly #over = createPassingOver();

  constructor(keeperId: string, { atOnce, perTenant } = env().refreshCaps) {
    this.#keeperId = keeperId;
    this.#perTenant = perTenant;
    this.#slots = createSlots(atOnce);
  }

  /** Starts the due renewals that fit. @returns how many were started */
  async fill(): Promise<number> {
    if (!this.#slots.hasRoom()) return 0;
    let started = await this.#startProbes();
    const left = this.#breaker.leftAlone();
    const slow = this.#slots.slow();
    // Those who answer at once are not to wait behind those who take long, however long these are due.
    if (slow.tenants.length > 0) {
      const but = { ...left, tenants: [...left.tenants, ...slow.tenants] };
      const limit = this.#slots.free() - slow.reserved;
      started += await this.#startBut(but, { limit, over: this.#overSlow });
    }
    const limit = this.#slots.free();
    return started + (await this.#startBut(left, { limit, over: this.#over }));
  }

  /** Until so many calls have ended that others fit, or that long. */
  untilFree(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#slots.untilRoom(ms, signal);
  }

  /** Until no call is in flight, or that long. @returns whether none is */
  settle(ms: number): Promise<boolean> {
    return this.#slots.settle(ms);
  }

  async #startBut(
    but: LeftAlone,
    { limit, over }: { limit: number; over: PassingOver },
  ): Promise<number> {
    const leftAlone = [...but.tenants, ...but.authorities];
    // Those at their limit are passed over as well, until a call of theirs ends.
    const full = tenantsAtLimit({ busy: this.#slots.byTenant(), perTenant: this.#perTenant });
    const passedOver = leftAlone.length > 0 ? [...leftAlone, ...full] : [];
    if (limit <= 0 || over.isInVain(passedOver)) return 0;
    const found = await this.#start({ limit, without: but });
    over.found(passedOver, found);
    return found;
  }

  async #startProbes(): Promise<number> {
    if (this.#slots.freeForProbes() <= 0) return 0;
    let started = 0;
    const platforms = this.#breaker.takePlatformProbes();
    for (const [index, platform] of platforms.entries()) {
      const share = Math.ceil(this.#slots.freeForProbes() / (platforms.length - index));
      started += await this.#probe(platform, share);
    }
    for (const tenant of this.#breaker.takeTenantProbes(this.#slots.freeForProbes())) {
      const found = await this.#startOne({ only: { tenant } });
      if (found === 0) this.#breaker.forgetTenant(tenant);
      started += found;
    }
    return started;
  }

  /** Asks about tenants that have not failed first. A platform of which nothing is due is forgotten. */
  async #probe({ authority, doubted }: PlatformProbe, limit: number): Promise<number> {
    if (limit <= 0) return 0;
    const only = { authority };
    const without = { tenants: doubted };
    let found = await this.#start({ limit, only, without, isOfUnfailed: true });
    if (found === 0) found = await this.#start({ limit, only, without });
    if (found === 0) found = await this.#startOne({ only });
    if (found === 0) this.#breaker.forgetPlatform(authority);
    return found;
  }

  /** One that has not failed, if there is any: who fails alone must not speak for the rest. */
  async #startOne(asked: Pick<Asked, "only">): Promise<number> {
    const unfailed = await this.#start({ ...asked, limit: 1, isOfUnfailed: true });
    return unfailed > 0 ? unfailed : this.#start({ ...asked, limit: 1 });
  }

  /** @returns how many were due, and are started */
  async #start({ limit, ...asked }: Asked): Promise<number> {
    const clouds = configuredClouds().map(({ id }) => id);
    if (clouds.length === 0 || limit <= 0) return 0;
    const isProbe = asked.only !== undefined;
    // One call is enough to find out whether a tenant answers, however many are in flight.
    const ofTenants = isProbe
      ? { perTenant: 1, busy: NONE_BUSY }
      : { perTenant: this.#perTenant, busy: this.#slots.byTenant() };
    const claims = await claimDue(this.#keeperId, { ...asked, ...ofTenants, limit, clouds });
    for (const claim of claims)
      this.#slots.take(this.#run(claim), { tenant: claim.tenant, isProbe });
    return claims.length;
  }

  /** @returns whether it was answered */
  async #run(claim: Claim): Promise<boolean> {
    try {
      const isUnanswered = (await refreshClaimed(claim)) === "unanswered";
      this.#breaker.record(claim, isUnanswered);
      return !isUnanswered;
    } catch (error) {
      // The database, most likely: the row is given back when it answers again, and is due as before.
      log.error({ error, authorizationId: claim.authorizationId }, "refresh broke off");
      return false;
    }
  }
}
