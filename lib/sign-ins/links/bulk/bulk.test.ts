import { beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { db } from "@/lib/kernel/db";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { withInstallation } from "@/lib/testing/sandbox";
import { providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { createSignInLinks, createSignInLinksAt } from "../mutations";
import { showLink } from "../owner";
import { findSelectedLinks } from "../queries";
import { type LinkSelection, linkSelectionSchema, replaceSignInLinksSchema } from "../schema";
import { replaceSignInLinks, revokeSignInLinks } from "./mutations";

const sandbox = withInstallation();
const ada = administrator();
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let first: string;
let second: string;

beforeEach(async () => {
  await db().$executeRaw`TRUNCATE "AlertChannel", "Letter", "SignInLink" CASCADE`;
  ({ id: first } = await createCloudProvider(ada, providerForm(sandbox())));
  ({ id: second } = await createCloudProvider(ada, providerForm(sandbox())));
});

const people = (count: number, at = "contoso.test") =>
  Array.from({ length: count }, (_, index) => `u${index}@${at}`);
const linksAt = (cloudProviderId: string, usernames: string[]) =>
  createSignInLinks(ada, { cloudProviderId, usernames });
const tokenOf = (link: string | undefined) => new URL(link ?? "").hash.slice(1);
const ticked = (links: readonly { id: string }[]): LinkSelection => ({
  links: "selected",
  signInLinkIds: links.map(({ id }) => id),
});
const everything: LinkSelection = { links: "all", search: "" };
const reached = (links: readonly { id: string; username: string }[]) =>
  links.map(({ id, username }) => ({ id, username, isSignedIn: false, isReached: true }));
const left = () => db().signInLink.count();
const signedIn = (...usernames: string[]) =>
  db().signInLink.updateMany({
    where: { username: { in: usernames } },
    data: { signedInAt: new Date() },
  });
const told = async (action: string) => {
  const objectId = { in: [first, second] };
  const events = await db().auditEvent.findMany({
    where: { action, objectId },
    orderBy: { id: "asc" },
  });
  return events.map(({ detail }) => detail);
};

async function addRelay(): Promise<void> {
  const smtp = { host: "smtp.contoso.test", port: 587, tls: "starttls" };
  const to = { recipients: "a@contoso.test", sendsLinks: true };
  const relay = alertChannelForm({ kind: "smtp", smtp, from: "a@contoso.test", ...to });
  await createAlertChannel(ada, relay);
}

describe("many links", () => {
  test("are revoked at once, and the trail tells it once for each provider", async () => {
    const [one, other] = [await linksAt(first, people(30)), await linksAt(second, people(20))];
    const selection = ticked([...one.slice(0, 25), ...other.slice(0, 10)]);
    const revoked = await revokeSignInLinks(ada, { selection });
    expect(revoked).toEqual({ revoked: 35, removed: 0, missing: 0 });
    expect(await left()).toBe(15);
    await expect(showLink(tokenOf(one[0]?.link))).rejects.toMatchObject({ code: "not_found" });
    expect(await showLink(tokenOf(one[29]?.link))).toMatchObject({ isUsed: false });
    const events = await told("sign_in_link.revoke");
    expect(events).toHaveLength(2);
    for (const links of [25, 10])
      expect(events).toContainEqual({ links, usernames: expect.any(Array) });
    expect(await verifyAudit()).toMatchObject({ isIntact: true });
  });

  test("that were used or are too old leave the list, and are counted apart", async () => {
    const made = await linksAt(first, people(3));
    await signedIn("u0@contoso.test");
    const data = { expiresAt: new Date(Date.now() - 1_000) };
    await db().signInLink.updateMany({ where: { username: "u1@contoso.test" }, data });
    const revoked = await revokeSignInLinks(ada, { selection: ticked([...made, { id: GONE }]) });
    expect(revoked).toEqual({ revoked: 1, removed: 2, missing: 1 });
    expect(await left()).toBe(0);
  });

  test("are those that a list shows, by search, view and provider", async () => {
    await linksAt(first, [...people(4), "eve@fabrikam.test"]);
    await linksAt(second, people(3));
    await signedIn("u0@contoso.test");
    const of = { search: "@contoso", view: "waiting", cloudProviderId: first } as const;
    const shown = { links: "all", ...of } as const;
    expect(await findSelectedLinks(ada, shown)).toMatchObject({ count: 3, open: 3 });
    const { name } = await db().cloudProvider.findUniqueOrThrow({ where: { id: second } });
    expect((await findSelectedLinks(ada, { links: "all", search: name })).count).toBe(3);
    const revoked = await revokeSignInLinks(ada, { selection: shown, expected: 3 });
    expect(revoked).toMatchObject({ revoked: 3 });
    expect(await left()).toBe(5);
  });

  test("are replaced at once, and none of those before opens any more", async () => {
    const [one, other] = [await linksAt(first, people(60)), await linksAt(second, people(40))];
    const input = { selection: everything, expected: 100, send: false };
    const { links, refused, missing } = await replaceSignInLinks(ada, input);
    expect([links.length, refused, missing]).toEqual([100, [], 0]);
    for (const before of [one[0], other[39]])
      await expect(showLink(tokenOf(before?.link))).rejects.toMatchObject({ code: "not_found" });
    for (const after of [links[0], links[99]])
      expect(await showLink(tokenOf(after?.link))).toMatchObject({ username: after?.username });
    const events = (await told("sign_in_link.create")).slice(2);
    expect(events).toHaveLength(2);
    for (const replaced of [60, 40])
      expect(events).toContainEqual(expect.objectContaining({ replaced }));
  });

  test("leave who signed in alone, with the reason", async () => {
    const made = await linksAt(first, people(3));
    await signedIn("u1@contoso.test");
    const input = { selection: ticked(made), send: false };
    const { links, refused } = await replaceSignInLinks(ada, input);
    const names = links.map(({ username }) => username).sort();
    expect(names).toEqual(["u0@contoso.test", "u2@contoso.test"]);
    expect(refused).toMatchObject([{ id: made[1]?.id, reason: "Signed in already." }]);
    const row = await db().signInLink.findUnique({ where: { id: made[1]?.id ?? "" } });
    expect(row?.signedInAt).not.toBeNull();
  });

  test("go out by mail, and whom none reaches keeps theirs", async () => {
    await addRelay();
    const made = await linksAt(first, [...people(2), "scanner"]);
    const unreached = { username: "scanner", isSignedIn: false, isReached: false };
    const found = await findSelectedLinks(ada, ticked(made));
    expect(found).toMatchObject({ count: 3, missing: 0, open: 3, signedIn: 0, withoutAddress: 1 });
    expect(found.ticked).toEqual([{ ...unreached, id: made[2]?.id }, ...reached(made.slice(0, 2))]);
    const done = await replaceSignInLinks(ada, { selection: ticked(made), send: true });
    expect(done.links.map(({ mail }) => mail)).toEqual(["waiting", "waiting"]);
    expect(done.refused).toMatchObject([{ username: "scanner" }]);
    expect(await showLink(tokenOf(made[2]?.link))).toMatchObject({ username: "scanner" });
    expect(await db().letter.count({ where: { state: "waiting" } })).toBe(2);
  });
});

describe("nothing is changed", () => {
  const replaced = { selection: everything, expected: 3, send: false };

  test("when the list shows another number of links than was seen", async () => {
    const made = await linksAt(first, people(4));
    const refused = { code: "stale", message: expect.stringContaining("4 links now, not 3") };
    await expect(replaceSignInLinks(ada, replaced)).rejects.toMatchObject(refused);
    await expect(revokeSignInLinks(ada, replaced)).rejects.toMatchObject(refused);
    expect(await showLink(tokenOf(made[0]?.link))).toMatchObject({ isUsed: false });
  });

  test("when more get new links than can be handed over", async () => {
    await linksAt(first, people(1_000));
    await linksAt(second, ["one.more@contoso.test"]);
    await expect(
      replaceSignInLinks(ada, { selection: everything, send: false }),
    ).rejects.toMatchObject({ code: "unprocessable" });
    expect(await findSelectedLinks(ada, everything)).toMatchObject({ count: 1_001, open: 1_001 });
  });

  test("at one provider when another one refuses", async () => {
    const [before] = await linksAt(first, people(1));
    const usernames = people(1);
    await expect(
      createSignInLinksAt(ada, [
        { cloudProviderId: first, usernames },
        { cloudProviderId: GONE, usernames },
      ]),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await showLink(tokenOf(before?.link))).toMatchObject({ isUsed: false });
  });
});

test("two who replace and revoke the same links at once both come to an end", async () => {
  await linksAt(first, people(50));
  for (let round = 0; round < 2; round += 1)
    await Promise.all([
      replaceSignInLinks(ada, { selection: everything, send: false }),
      linksAt(first, people(50)),
      replaceSignInLinks(ada, { selection: everything, send: false }),
    ]);
  expect(await left()).toBe(50);
  await Promise.all([
    revokeSignInLinks(ada, { selection: everything }),
    revokeSignInLinks(ada, { selection: everything }),
  ]);
  expect(await left()).toBe(0);
});

test.each([
  { links: "selected", signInLinkIds: [] },
  { links: "selected", signInLinkIds: Array(1_001).fill(GONE) },
  { links: "all", search: "", view: "broken" },
])("a selection is refused: %#", (selection) => {
  expect(linkSelectionSchema.safeParse(selection).success).toBe(false);
  expect(replaceSignInLinksSchema.safeParse({ selection }).success).toBe(false);
});
