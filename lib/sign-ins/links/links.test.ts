import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { walkSignIn } from "@/e2e/sandbox/walk-sign-in";
import { changeAccounts } from "@/lib/email-accounts/bulk/mutations";
import {
  createEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "@/lib/email-accounts/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { mintActor } from "@/lib/kernel/mint-actor";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, arrive, BOB, providerForm, signIn } from "@/lib/testing/sign-in";
import { statementsOf } from "@/lib/testing/statements";
import { beginAuthorization } from "../begin";
import { revokeSignInLinks } from "./bulk/mutations";
import { createSignInLinks } from "./mutations";
import { beginAgain, beginByLink, findOwnerOf, findOwnerOutcome, showLink } from "./owner";
import { listSignInLinks } from "./queries";
import { createSignInLinksSchema, type NewSignInLink } from "./schema";

const sandbox = withInstallation();
const ada = administrator();
let cloudProviderId: string;

beforeEach(async () => {
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
});

const linksFor = (...usernames: string[]) => createSignInLinks(ada, { cloudProviderId, usernames });
const tokenOf = (link: string) => new URL(link).hash.slice(1);
const stateOf = async (username: string) =>
  (await listSignInLinks(ada)).rows.find(
    (row) => row.username === username && row.cloudProviderId === cloudProviderId,
  );
async function failuresTold() {
  const where = { action: "sign_in_link.fail", objectId: cloudProviderId };
  return (await db().auditEvent.findMany({ where })).map(({ detail }) => detail);
}
const stored = () => db().authorization.count({ where: { cloudProviderId } });

async function newLink(username = ALICE): Promise<string> {
  const [made] = await linksFor(username);
  return tokenOf(made?.link ?? "");
}

/** As the callback finds who comes back. */
async function ownerOf(parameters: URLSearchParams, sessionId: string): Promise<Actor | null> {
  const owner = await findOwnerOf(parameters.get("state") ?? "", sessionId);
  if (!owner) return null;
  const identity = { kind: "owner", id: owner.id, name: owner.username } as const;
  return mintActor({ ...identity, permissions: new Set(), sessionId });
}

async function follow(url: URL, sessionId: string, account: string) {
  const back = await walkSignIn(url.href, { account });
  const parameters = back?.searchParams ?? new URLSearchParams();
  const owner = await ownerOf(parameters, sessionId);
  const { authorizationRequestId, isOfLink } = await arrive(owner, parameters);
  const shown = await findOwnerOutcome(authorizationRequestId, sessionId);
  return { authorizationRequestId, isOfLink, parameters, ...shown };
}

describe("a link for the owner of a mailbox", () => {
  test("signs the mailbox in without an account here, once", async () => {
    const account = await createEmailAccount(ada, accountForm({ cloudProviderId }));
    const token = await newLink();
    expect(await stateOf(ALICE)).toMatchObject({ state: "waiting" });
    expect(await showLink(token)).toMatchObject({
      username: ALICE,
      createdByName: "Ada",
      isAutomatic: false,
    });
    expect(await stateOf(ALICE)).toMatchObject({ state: "opened" });
    const session = randomUUID();
    const done = await follow(await beginByLink(token, session), session, ALICE);
    const outcome = { kind: "connected", username: ALICE };
    expect(done).toMatchObject({ isOfLink: true, outcome, link: null });
    expect(await stateOf(ALICE)).toMatchObject({ state: "signed_in" });
    const row = await db().emailAccount.findUniqueOrThrow({ where: { id: account.id } });
    expect(row.state).toBe("connected");
    expect(await showLink(token)).toEqual({ isUsed: true, username: ALICE, mailboxes: [ALICE] });
    await expect(beginByLink(token, session)).rejects.toMatchObject({ code: "not_found" });
  });

  test("is spent by nobody who only looks at it", async () => {
    const token = await newLink();
    for (let look = 0; look < 5; look += 1) await showLink(token);
    const session = randomUUID();
    const url = await beginByLink(token, session);
    expect(url.searchParams.get("login_hint")).toBe(ALICE);
    await beginByLink(token, randomUUID());
    expect((await follow(url, session, ALICE)).outcome).toMatchObject({ kind: "connected" });
  });

  test("stores nothing of another mailbox, and can be tried again with the right one", async () => {
    const token = await newLink();
    const session = randomUUID();
    const wrong = await follow(await beginByLink(token, session), session, BOB);
    const remedyId = "callback.other_mailbox";
    expect(wrong.outcome).toEqual({ kind: "failed", remedyId, detail: BOB });
    expect(wrong.link).toMatchObject({ createdByName: "Ada" });
    expect(await stored()).toBe(0);
    const pending = { pendingSealed: { not: null } };
    expect(await db().authorizationRequest.count({ where: pending })).toBe(0);
    expect(await stateOf(ALICE)).toMatchObject({ state: "failed", failureId: remedyId });
    const told = { cause: remedyId, username: ALICE, signedInAs: BOB };
    expect(await failuresTold()).toMatchObject([told]);
    const again = await beginAgain(wrong.authorizationRequestId, session);
    expect((await follow(again, session, ALICE)).outcome).toMatchObject({ kind: "connected" });
    expect(await stateOf(ALICE)).toMatchObject({ state: "signed_in", failureId: null });
  });

  test("names every mailbox that its sign-in opens, and no other", async () => {
    for (const emailAddress of [ALICE, "support@contoso.test"])
      await createEmailAccount(ada, accountForm({ cloudProviderId, emailAddress }));
    const another = { cloudProviderId, username: BOB, emailAddress: "sales@contoso.test" };
    await createEmailAccount(ada, accountForm(another));
    const mailboxes = [ALICE, "support@contoso.test"];
    const [made] = await linksFor(ALICE);
    expect(made).toMatchObject({ mailboxes });
    expect(await showLink(tokenOf(made?.link ?? ""))).toMatchObject({ mailboxes });
    expect(await stateOf(ALICE)).toMatchObject({ mailboxes });
    const [token, session] = [tokenOf(made?.link ?? ""), randomUUID()];
    expect(await follow(await beginByLink(token, session), session, ALICE)).toMatchObject({
      outcome: { kind: "connected" },
      mailboxes,
    });
    expect(await showLink(token)).toEqual({ isUsed: true, username: ALICE, mailboxes });
  });

  test("binds the sign-in to the browser that began it", async () => {
    const token = await newLink();
    const session = randomUUID();
    const url = await beginByLink(token, session);
    const back = await walkSignIn(url.href, { account: ALICE });
    const parameters = back?.searchParams ?? new URLSearchParams();
    expect(await ownerOf(parameters, randomUUID())).toBeNull();
    const before = tokenRequests(sandbox(), "authorization_code");
    for (const other of [null, ada])
      await expect(arrive(other, parameters)).rejects.toMatchObject({
        remedyId: "callback.other_session",
      });
    expect(tokenRequests(sandbox(), "authorization_code")).toBe(before);
    expect(await findOwnerOutcome(randomUUID(), session)).toBeNull();
  });

  test("opens no sign-in of an administrator", async () => {
    const signingIn = { subject: "provider", cloudProviderId } as const;
    const url = await beginAuthorization(ada, signingIn);
    expect(await findOwnerOf(url.searchParams.get("state") ?? "", ada.sessionId ?? "")).toBeNull();
  });
});

describe("a link is void", () => {
  const begun = async () => {
    const session = randomUUID();
    const token = await newLink();
    return { token, session, url: await beginByLink(token, session) };
  };
  const expectVoid = async ({ token, session, url }: Awaited<ReturnType<typeof begun>>) => {
    await expect(showLink(token)).rejects.toMatchObject({ code: "not_found" });
    const { outcome, link } = await follow(url, session, ALICE);
    expect(outcome).toMatchObject({ kind: "failed", remedyId: "callback.link_void" });
    expect(link).toBeNull();
    expect(await stored()).toBe(0);
  };

  test("once it is revoked, also for a sign-in that is under way", async () => {
    const link = await begun();
    const row = await stateOf(ALICE);
    const selection = { links: "selected" as const, signInLinkIds: [row?.id ?? ""] };
    expect(await revokeSignInLinks(ada, { selection })).toMatchObject({ revoked: 1, missing: 0 });
    await expectVoid(link);
  });

  test("once a new one was made for the same person", async () => {
    const link = await begun();
    await newLink(ALICE.toUpperCase());
    await expectVoid(link);
  });

  test("after 72 hours", async () => {
    const link = await begun();
    const data = { expiresAt: new Date(Date.now() - 1_000) };
    await db().signInLink.updateMany({ where: { cloudProviderId }, data });
    await expectVoid(link);
    expect(await stateOf(ALICE)).toMatchObject({ state: "expired" });
  });

  test("when the person was signed in by an administrator meanwhile", async () => {
    const token = await newLink();
    await signIn(ada, { subject: "provider", cloudProviderId }, ALICE);
    expect(await stateOf(ALICE)).toMatchObject({ state: "signed_in" });
    await expect(beginByLink(token, randomUUID())).rejects.toMatchObject({ code: "not_found" });
    expect(await showLink(token)).toEqual({ isUsed: true, username: ALICE, mailboxes: [ALICE] });
    await db().authorization.deleteMany();
    await expect(showLink(token)).rejects.toMatchObject({ code: "not_found" });
  });

  test("once the last account that needs the sign-in is switched off, by whatever way", async () => {
    const { id } = await createEmailAccount(ada, accountForm({ cloudProviderId }));
    const other = accountForm({ cloudProviderId, name: "Second" });
    const { id: otherId } = await createEmailAccount(ada, other);
    const link = await begun();
    await setEmailAccountActive(ada, { id, active: false });
    expect(await showLink(link.token)).toMatchObject({ username: ALICE });
    await changeAccounts(ada, {
      selection: { accounts: "selected", emailAccountIds: [otherId] },
      change: { set: "active", to: false },
    });
    await expectVoid(link);
    // Whoever asks for one now knows that the account is inactive, and wants it signed in.
    const token = await newLink();
    expect(await showLink(token)).toMatchObject({ username: ALICE });
  });

  test("once the last account that needs the sign-in gets another user name", async () => {
    const form = accountForm({ cloudProviderId });
    const { id } = await createEmailAccount(ada, form);
    const link = await begun();
    await updateEmailAccount(ada, { ...form, id, version: 1, username: BOB, emailAddress: BOB });
    await expectVoid(link);
  });

  test("with its provider", async () => {
    const { token, session, url } = await begun();
    await deleteCloudProvider(ada, { id: cloudProviderId, acceptedAccounts: 0 });
    await expect(showLink(token)).rejects.toMatchObject({ code: "not_found" });
    const { outcome } = await follow(url, session, ALICE);
    expect(outcome).toMatchObject({ kind: "failed", remedyId: "callback.provider_deleted" });
  });

  test.each(["", "a".repeat(43), "%00"])("that is %j", async (token) => {
    await expect(showLink(token)).rejects.toMatchObject({ code: "not_found" });
    await expect(beginByLink(token, randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });

  test("for all but one of two that are followed at once", async () => {
    const token = await newLink();
    const sessions = [randomUUID(), randomUUID()];
    const urls = await Promise.all(sessions.map((session) => beginByLink(token, session)));
    const ends = await Promise.all(
      urls.map((url, index) => follow(url, sessions[index] ?? "", ALICE)),
    );
    const kinds = ends.map(({ outcome }) => outcome?.kind).sort();
    expect(kinds).toEqual(["connected", "failed"]);
    expect(await stored()).toBe(1);
  });
});

describe("links for many", () => {
  test("leave links that work alone, unless they are to be replaced", async () => {
    const before = await newLink(ALICE);
    const usernames = [ALICE.toUpperCase(), BOB];
    const added = await createSignInLinks(ada, { cloudProviderId, usernames, replaces: false });
    expect(added.map(({ username }) => username)).toEqual([BOB]);
    expect(await showLink(before)).toMatchObject({ username: ALICE });
    const none = await createSignInLinks(ada, { cloudProviderId, usernames, replaces: false });
    expect(none).toEqual([]);
    expect(await linksFor(ALICE, BOB)).toHaveLength(2);
    await expect(showLink(before)).rejects.toMatchObject({ code: "not_found" });
    const told = await db().auditEvent.findMany({
      where: { action: "sign_in_link.create", objectId: cloudProviderId },
      orderBy: { id: "asc" },
    });
    expect(told.map(({ detail }) => detail)).toEqual([
      { links: 1, usernames: [ALICE] },
      { links: 1, usernames: [BOB] },
      { links: 2, usernames: [ALICE, BOB], replaced: 2 },
    ]);
  });

  test("are many in as many statements as one, and each opens", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `u${index}@contoso.test`);
    const one = await statementsOf(() => linksFor(names[0] ?? ""));
    let made: NewSignInLink[] = [];
    const many = await statementsOf(async () => {
      made = await linksFor(...names);
    });
    expect(many).toHaveLength(one.length);
    expect(made).toHaveLength(200);
    expect(await showLink(tokenOf(made[199]?.link ?? ""))).toMatchObject({ username: names[199] });
  });

  test("are refused where nobody signs in by browser, and need usable names", async () => {
    const form = providerForm(sandbox(), { grant: "app_only" });
    const { id } = await createCloudProvider(ada, form);
    const refused = createSignInLinks(ada, { cloudProviderId: id, usernames: [ALICE] });
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    for (const usernames of [[], Array(1_001).fill(ALICE), ["a\u0001b"], [""]]) {
      const { success } = createSignInLinksSchema.safeParse({ cloudProviderId, usernames });
      expect(success).toBe(false);
    }
  });
});
