import { expect, test } from "vitest";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";
import { needsOf } from "./needs";

const incident = (remedyId: string, cloudProviderId: string | null, accounts: number) =>
  ({ id: `${remedyId} incident`, remedyId, cloudProviderId, accounts }) as ExplainedIncident;
const group = (failedWith: string, cloudProviderId: string | null, accounts: number) => ({
  failedWith,
  cloudProviderId,
  provider: cloudProviderId,
  accounts,
});
const told = (...given: Parameters<typeof needsOf>) =>
  needsOf(...given).map((need) =>
    "incident" in need ? need.incident.id : `${need.group.failedWith} ${need.accounts}`,
  );

test("the widest damage comes first, with an incident or without one", () => {
  expect(told([incident("a", "p", 40)], [group("b", "p", 99), group("c", "q", 3)])).toEqual([
    "b 99",
    "a incident",
    "c 3",
  ]);
});

test("one cause at one provider is told once, as what stops more accounts", () => {
  expect(told([incident("a", "p", 1)], [group("a", "p", 198)])).toEqual(["a 198"]);
  expect(told([incident("a", "p", 12)], [group("a", "p", 12)])).toEqual(["a incident"]);
  expect(told([incident("a", "p", 1)], [group("a", "q", 7)])).toEqual(["a 7", "a incident"]);
});

test("the incidents of two servers are not told as one", () => {
  expect(told([incident("a", null, 2)], [group("a", null, 5)])).toEqual(["a incident"]);
});

test("a cause with an incident is known to have one, also where more accounts have it in common", () => {
  const [common] = needsOf([incident("a", "p", 1)], [group("a", "p", 198)]);
  const [alone] = needsOf([], [group("a", "p", 198)]);
  expect([common?.hasIncident, alone?.hasIncident]).toEqual([true, false]);
});
