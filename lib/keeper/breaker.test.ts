import { describe, expect, test } from "vitest";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { Breaker } from "./breaker";

const PLATFORM = "https://login.example.com";
const at = (tenant: string, authority = PLATFORM) => ({
  tenant: `${authority}/${tenant}`,
  authority,
});

function breakerWithClock() {
  const clock = { now: 1_000_000 };
  const breaker = new Breaker(() => clock.now);
  const record = (failures: boolean[], asked = at("contoso")) => {
    for (const isFailure of failures) breaker.record(asked, isFailure);
  };
  const isLeftAlone = (asked = at("contoso")) => breaker.leftAlone().tenants.includes(asked.tenant);
  return { clock, breaker, record, isLeftAlone };
}

const failed = (count: number) => Array<boolean>(count).fill(true);
const tenants = (count: number) => Array.from({ length: count }, (_, index) => at(`t${index}`));

describe("a tenant", () => {
  test("is left alone after five failures in a row, and not after four; another is not", () => {
    const { record, isLeftAlone } = breakerWithClock();
    record([...failed(4), false, ...failed(4)]);
    expect(isLeftAlone()).toBe(false);
    record(failed(1));
    expect(isLeftAlone()).toBe(true);
    expect(isLeftAlone(at("another"))).toBe(false);
  });

  test.each([
    [0, true],
    [MINUTE_MS + 1, false],
  ])("is left alone when half of twenty calls in a minute failed: after %d ms %s", (ms, isLeft) => {
    const { record, clock, isLeftAlone } = breakerWithClock();
    record(Array.from({ length: 19 }, (_, index) => index % 2 === 0));
    expect(isLeftAlone()).toBe(false);
    clock.now += ms;
    record([true]);
    expect(isLeftAlone()).toBe(isLeft);
  });

  test("is asked once each half minute until it answers, and then as before", () => {
    const { breaker, record, clock, isLeftAlone } = breakerWithClock();
    const { tenant } = at("contoso");
    record(failed(5));
    expect(breaker.takeTenantProbes(5)).toEqual([]);
    clock.now += 30 * SECOND_MS;
    expect(breaker.takeTenantProbes(0)).toEqual([]);
    expect(breaker.takeTenantProbes(5)).toEqual([tenant]);
    expect(breaker.takeTenantProbes(5)).toEqual([]);
    record(failed(1));
    clock.now += 30 * SECOND_MS;
    expect(isLeftAlone()).toBe(true);
    expect(breaker.takeTenantProbes(5)).toEqual([tenant]);
    record([false]);
    expect(isLeftAlone()).toBe(false);
    record(failed(4));
    expect(isLeftAlone()).toBe(false);
  });

  test("of which only a part fails is left alone later each time: the rest does not wait for that part", () => {
    const { record, isLeftAlone, clock } = breakerWithClock();
    const reopenAfter = (count: number) => {
      record(failed(count - 1));
      expect(isLeftAlone()).toBe(false);
      record(failed(1));
      expect(isLeftAlone()).toBe(true);
      record([false]);
    };
    for (const count of [5, 10, 20]) reopenAfter(count);
    clock.now += 10 * MINUTE_MS;
    reopenAfter(5);
  });

  test("takes its turn with others: each is asked before one is asked again", () => {
    const { breaker, record, clock } = breakerWithClock();
    for (const asked of tenants(4)) {
      record(failed(5), asked);
      record([false], at("one that answers"));
    }
    clock.now += 30 * SECOND_MS;
    const taken = [breaker.takeTenantProbes(3), breaker.takeTenantProbes(3)];
    expect(taken.flat().sort()).toEqual(tenants(4).map(({ tenant }) => tenant));
  });
});

test("of whom nothing is due is asked as usual when something is", () => {
  const { breaker, record, isLeftAlone } = breakerWithClock();
  for (const asked of tenants(5)) record(failed(5), asked);
  for (const { tenant } of tenants(5)) breaker.forgetTenant(tenant);
  breaker.forgetPlatform(PLATFORM);
  expect(tenants(5).some((asked) => isLeftAlone(asked))).toBe(false);
  expect(breaker.leftAlone().authorities).toEqual([]);
});

describe("a platform", () => {
  const isClosed = ({ breaker }: ReturnType<typeof breakerWithClock>) =>
    !breaker.leftAlone().authorities.includes(PLATFORM);

  test("is left alone when five of its tenants failed and none was answered, and not for one", () => {
    const made = breakerWithClock();
    made.record(failed(100));
    made.record([false], at("one that answers"));
    for (const asked of tenants(4)) made.record([true], asked);
    made.record([false], at("one that answers"));
    for (const asked of tenants(4)) made.record([true], asked);
    expect(isClosed(made)).toBe(true);
    made.record([true], at("a fifth"));
    expect(isClosed(made)).toBe(false);
    expect(made.breaker.leftAlone().authorities).toEqual([PLATFORM]);
  });

  test("is not left alone again for tenants that are left alone, and each time for more of the others", () => {
    const made = breakerWithClock();
    for (const asked of tenants(5)) made.record(failed(5), asked);
    made.record([false], at("one that answers"));
    for (const asked of tenants(5)) made.record([true], asked);
    expect(isClosed(made)).toBe(true);
    const others = Array.from({ length: 10 }, (_, index) => at(`other ${index}`));
    for (const asked of others.slice(1)) made.record([true], asked);
    expect(isClosed(made)).toBe(true);
    made.record([true], others[0]);
    expect(isClosed(made)).toBe(false);
  });

  test("is asked about no tenant that is left alone", () => {
    const { breaker, record, clock } = breakerWithClock();
    record(failed(5), at("known"));
    record([false], at("one that answers"));
    for (const asked of tenants(5)) record([true], asked);
    clock.now += 30 * SECOND_MS;
    expect(breaker.takePlatformProbes()[0]?.doubted).toContain(at("known").tenant);
  });

  test("is asked each half minute about tenants that did not fail, until one is answered", () => {
    const made = breakerWithClock();
    const { breaker, record, clock } = made;
    for (const asked of tenants(5)) record(failed(5), asked);
    expect(breaker.takePlatformProbes()).toEqual([]);
    clock.now += 30 * SECOND_MS;
    // Those of its tenants are no news while it answers none.
    expect(breaker.takeTenantProbes(5)).toEqual([]);
    const doubted = tenants(5).map(({ tenant }) => tenant);
    expect(breaker.takePlatformProbes()).toEqual([{ authority: PLATFORM, doubted }]);
    expect(breaker.takePlatformProbes()).toEqual([]);
    record([true], at("a sixth"));
    clock.now += 30 * SECOND_MS;
    expect(breaker.takePlatformProbes()[0]?.doubted).toContain(at("a sixth").tenant);
    record([false], at("a seventh"));
    expect(isClosed(made)).toBe(true);
    expect(breaker.takeTenantProbes(9)).toHaveLength(5);
  });
});
