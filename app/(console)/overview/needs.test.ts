import { expect, test } from "vitest";
import type { AccountsOfCause } from "@/lib/email-accounts/filters/schema";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";
import { needsOf } from "./needs";

type About = Partial<ExplainedIncident>;
const incident = (remedyId: string, cloudProviderId: string | null, about: About) =>
  ({
    id: `${remedyId} incident`,
    remedyId,
    cloudProviderId,
    kind: "mail",
    subject: cloudProviderId,
    ...about,
  }) as ExplainedIncident;
const NO_PLATFORM = { isPlatforms: false, cloudProviderId: null };
const group = (failedWith: string, provider: string, accounts: number) =>
  ({
    ...NO_PLATFORM,
    failedWith,
    accounts,
    cloudProviderId: provider,
    provider,
    cloud: "Microsoft",
  }) satisfies AccountsOfCause;
const ofPlatform = (...of: Parameters<typeof group>) => ({ ...group(...of), isPlatforms: true });
const atServer = (failedWith: string, server: string, accounts: number) =>
  ({ ...NO_PLATFORM, failedWith, accounts, service: "custom", server }) satisfies AccountsOfCause;
const told = (...given: Parameters<typeof needsOf>) =>
  needsOf(...given).map((need) =>
    "incident" in need
      ? `${need.incident.id}${need.tested ? ` of ${need.tested.accounts}` : ""}`
      : `${need.group.failedWith} ${need.accounts}`,
  );
const opened = incident("b", "p", { kind: "closed_mailbox" });

test.each<[string, ExplainedIncident[], AccountsOfCause[], string[]]>([
  [
    "the widest damage comes first, with an incident or without one",
    [incident("a", "p", { accounts: 40 })],
    [group("b", "p", 99), group("c", "q", 3)],
    ["b 99", "a incident", "c 3"],
  ],
  [
    "one cause at one provider is told once, and of how many accounts that were tested",
    [incident("b", "p", { accounts: 50 }), incident("a", "p", { accounts: 1 })],
    [group("a", "p", 198)],
    ["a incident of 198", "b incident"],
  ],
  [
    "accounts without a provider are told by server: the incident of another one hides none",
    [incident("a", null, { accounts: 2, subject: "mail.one.test" })],
    [atServer("a", "mail.one.test", 5), atServer("a", "mail.two.test", 4)],
    ["a incident of 5", "a 4"],
  ],
  [
    "a secret that was not renewed hides no account that fails with the same; an open mailbox is first",
    [incident("a", "p", { accounts: 0, kind: "rotation" }), opened],
    [group("a", "p", 3)],
    ["b incident", "a 3", "a incident"],
  ],
  [
    "who never signed in is no failure",
    [],
    [group("postkey.not_signed_in", "p", 40), group("a", "p", 1)],
    ["a 1"],
  ],
])("%s", (...[, incidents, groups, expected]) => expect(told(incidents, groups)).toEqual(expected));

test("an incident that counts what devices met stays, however many other accounts failed a test", () => {
  const [need] = needsOf([incident("a", "p", { accounts: 12 })], [group("a", "p", 15)]);
  expect(need).toMatchObject({ incident: { accounts: 12 }, tested: { accounts: 15 } });
});

test("a platform that is away or asks to wait is told once, whatever the tests of its accounts met", () => {
  const throttled = ofPlatform("throttled", "p", 30);
  const at = (subject: string) =>
    incident("away", null, { accounts: 20, kind: "platform", subject });
  const away = "away incident";
  expect(told([at("Microsoft")], [ofPlatform("away", "p", 30), throttled])).toEqual([away]);
  const pause = incident("pause", "p", { accounts: 20, kind: "pause" });
  expect(told([pause], [throttled])).toEqual(["pause incident"]);
  expect(told([at("China")], [throttled])).toEqual(["throttled 30", away]);
  expect(told([at("Microsoft")], [group("imap.bye", "p", 30)])).toEqual(["imap.bye 30", away]);
});
