import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
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
import { createSlots } from "./slots";

type Asked = Pick<ClaimLimits, "limit" | "without" | "only" | "isOfUnfailed">;
type LeftAlone = { tenants: string[]; authorities: string[] };
type PassingOver = ReturnType<typeof createPassingOver>;

/** Refills once a quarter is free, quick tenants first; probes take at most a quarter. */
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

  async fill(): Promise<number> {
    if (!this.#slots.hasRoom()) return 0;
    let started = await this.#startProbes();
    const left = this.#breaker.leftAlone();
    const slow = this.#slots.slow();
    // However long slow ones are due, they must not delay quick ones.
    if (slow.tenants.length > 0) {
      const but = { ...left, tenants: [...left.tenants, ...slow.tenants] };
      const limit = this.#slots.free() - slow.reserved;
      started += await this.#startBut(but, { limit, over: this.#overSlow });
    }
    const limit = this.#slots.free();
    return started + (await this.#startBut(left, { limit, over: this.#over }));
  }

  untilFree(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#slots.untilRoom(ms, signal);
  }

  /** @returns false on timeout */
  settle(ms: number): Promise<boolean> {
    return this.#slots.settle(ms);
  }

  async #startBut(but: LeftAlone, { limit, over }: { limit: number; over: PassingOver }) {
    const leftAlone = [...but.tenants, ...but.authorities];
    // Until one of their calls ends.
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

  /** Tenants that have not failed first; a platform without due rows is forgotten. */
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

  /** A failing tenant must not speak for the rest. */
  async #startOne(asked: Pick<Asked, "only">): Promise<number> {
    const unfailed = await this.#start({ ...asked, limit: 1, isOfUnfailed: true });
    return unfailed > 0 ? unfailed : this.#start({ ...asked, limit: 1 });
  }

  async #start({ limit, ...asked }: Asked): Promise<number> {
    const clouds = configuredClouds().map(({ id }) => id);
    if (clouds.length === 0 || limit <= 0) return 0;
    const isProbe = asked.only !== undefined;
    // A probe is one call, however many are in flight.
    const ofTenants = isProbe
      ? { perTenant: 1, busy: new Map() }
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
      // Probably the database: the row is given back later, and is due again.
      log.error({ error, authorizationId: claim.authorizationId }, "refresh broke off");
      return false;
    }
  }
}

/** In an outage, claims that pass over tenants read every due row: fruitless ones pause. */
export function createPassingOver(now = elapsed) {
  let inVain = { passedOver: "", until: 0 };
  const keyOf = (passedOver: readonly string[]) => JSON.stringify([...passedOver].sort());
  return {
    isInVain: (passedOver: readonly string[]) =>
      inVain.passedOver === keyOf(passedOver) && now() < inVain.until,
    found(passedOver: readonly string[], count: number) {
      const until = passedOver.length > 0 && count === 0 ? now() + 10 * SECOND_MS : 0;
      inVain = { passedOver: keyOf(passedOver), until };
    },
  };
}
