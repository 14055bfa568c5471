import { beforeEach, describe, expect, test } from "vitest";
import { releaseMailbox, takeMailbox } from "@/lib/checks/store";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { mailService, SERVICES } from "@/lib/mail/services/schema";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import { listAuthorizations } from "@/lib/sign-ins/queries";
import { administrator } from "@/lib/testing/actors";
import { passwordInUse } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import {
  ALICE,
  accountForm,
  applicationForm,
  arrive,
  googleForm,
  providerForm,
  signIn,
  walk,
} from "@/lib/testing/sign-in";
import { exportMigration } from "./export";
import { moveAccount } from "./move";
import { eraseFormerPasswords, undoMove } from "./mutations";
import { getMigrationProgress, listMoved } from "./queries";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "the password of before";
let cloudProviderId: string;
let emailAccountId: string;

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().cloudProvider.deleteMany();
  ({ id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox())));
  ({ id: emailAccountId } = await account());
});

const WITH_PASSWORD = { modernAuthentication: false, username: "alice.old", password: PASSWORD };
const account = (changes = {}) =>
  createEmailAccount(ada, accountForm({ ...WITH_PASSWORD, ...changes }));
const move = (changes = {}) =>
  moveAccount(ada, { emailAccountId, cloudProviderId, username: ALICE, ...changes });
const now = () => findEmailAccount(ada, emailAccountId);
const signAliceIn = () => signIn(ada, { subject: "provider", cloudProviderId });

describe("an account with a password", () => {
  test("is moved once IMAP, SMTP and POP3 work with the new sign-in", async () => {
    await signAliceIn();
    const { verdict, protocols } = await move();
    expect(verdict).toBe("ok");
    expect(protocols).toHaveLength(3);
    const verdicts = { imapVerdict: "ok", smtpVerdict: "ok", pop3Verdict: "ok" };
    const sign = { modernAuthentication: true, username: ALICE, cloudProviderId };
    expect(await now()).toMatchObject({ ...sign, tokenState: "connected", ...verdicts });
    expect(await db().connectionTest.count({ where: { emailAccountId } })).toBe(1);
  });

  test("stays as it is when not everything works, and the report says why", async () => {
    await signAliceIn();
    sandbox().faults.set("smtp_auth_disabled_mailbox");
    const before = await now();
    const { verdict, protocols } = await move();
    expect(verdict).toBe("failed");
    expect(protocols.find(({ protocol }) => protocol === "smtp")).toMatchObject({
      verdict: "failed",
      remedy: { steps: expect.any(Array) },
    });
    expect(await now()).toEqual(before);
    expect(await db().connectionTest.count({ where: { emailAccountId } })).toBe(0);
    expect(await passwordInUse(emailAccountId)).toBe(PASSWORD);
  });

  test("stays as it is while nobody is signed in", async () => {
    const { verdict, protocols } = await move();
    expect(verdict).toBe("failed");
    expect(protocols[0]?.failure?.remedyId).toBe("postkey.not_signed_in");
    expect(await now()).toMatchObject({ modernAuthentication: false });
  });

  test("is moved to an application, which is connected on the way", async () => {
    const { id } = await createCloudProvider(ada, applicationForm(sandbox()));
    expect(await move({ cloudProviderId: id })).toMatchObject({ verdict: "ok" });
    expect(await now()).toMatchObject({ cloudProviderId: id, tokenState: "connected" });
  });

  test("is not moved to a provider of another service", async () => {
    const { id } = await account({ service: "gmail", key: "GM" });
    await expect(move({ emailAccountId: id })).rejects.toMatchObject({
      fields: { cloudProviderId: [expect.stringContaining("another service")] },
    });
  });

  test("waits while its mailbox is being tested", async () => {
    await signAliceIn();
    const owner = crypto.randomUUID();
    await takeMailbox({ emailAccountId, owner });
    await expect(move()).rejects.toMatchObject({
      code: "conflict",
      remedyId: "postkey.mailbox_being_tested",
    });
    await releaseMailbox(owner);
  });

  test("leads back to its move when somebody signs in for it", async () => {
    const subject = { subject: "move", emailAccountId, cloudProviderId, username: ALICE } as const;
    const answer = await arrive(ada, await walk(ada, subject, ALICE));
    expect(answer.move).toEqual({ emailAccountId, username: ALICE });
    const another = { subject: "provider", cloudProviderId } as const;
    expect((await arrive(ada, await walk(ada, another, ALICE))).move).toBeNull();
    await expect(beginAuthorization(ada, subject)).resolves.toBeInstanceOf(URL);
  });
});

describe("a mailbox of a service account", () => {
  const DESK = "desk@wingtip.test";
  let google: string;
  beforeEach(async () => {
    ({ id: google } = await createCloudProvider(ada, googleForm(sandbox())));
    const gmail = { service: "gmail", key: "DESK", emailAddress: DESK, username: DESK };
    ({ id: emailAccountId } = await account(gmail));
  });

  test("is tested before any account uses it, and is left out again where it fails", async () => {
    const wrong = await move({ cloudProviderId: google, username: "nobody@wingtip.test" });
    expect(wrong.verdict).toBe("failed");
    expect((await listAuthorizations(ada, google)).rows).toEqual([]);
    const right = await move({ cloudProviderId: google, username: DESK });
    expect(right.verdict).toBe("ok");
    expect((await listAuthorizations(ada, google)).rows).toHaveLength(1);
  });
});

describe("a move", () => {
  beforeEach(async () => {
    await signAliceIn();
    await move();
  });

  test("can be undone, with the password and the name of before", async () => {
    expect((await listMoved(ada)).rows).toMatchObject([{ id: emailAccountId }]);
    await undoMove(ada, { emailAccountId });
    const before = { modernAuthentication: false, username: "alice.old", cloudProviderId: null };
    expect(await now()).toMatchObject(before);
    expect(await passwordInUse(emailAccountId)).toBe(PASSWORD);
    expect((await listMoved(ada)).rows).toEqual([]);
    await expect(undoMove(ada, { emailAccountId })).rejects.toMatchObject({ code: "conflict" });
  });

  test("is final a week later: the password is erased", async () => {
    await eraseFormerPasswords();
    expect((await listMoved(ada)).rows).toHaveLength(1);
    await db().$executeRaw`UPDATE "EmailAccount" SET "movedAt" = now() - interval '8 days'`;
    await eraseFormerPasswords();
    expect(await now()).toMatchObject({ hasPassword: false, modernAuthentication: true });
    await expect(undoMove(ada, { emailAccountId })).rejects.toMatchObject({ code: "conflict" });
  });
});

test("accounts with a password are counted, and exported with the days; no formula runs", async () => {
  await account({ name: "=HYPERLINK(1)", service: "gmail", key: "GM" });
  expect(await getMigrationProgress(ada)).toEqual({ modern: 0, password: 2 });
  let file = "";
  for await (const chunk of exportMigration(ada)) file += chunk;
  const lines = file.trimEnd().split("\r\n");
  expect(lines).toHaveLength(1 + 2 + 1);
  const ofOrders = lines.filter((line) => line.includes("Support") && line.includes("2026-12-31"));
  expect(ofOrders).toHaveLength(1);
  expect(lines.some((line) => line.startsWith(`"'=HYPERLINK`))).toBe(true);
  expect(lines.every((line) => /^"[^=]/.test(line))).toBe(true);
});

test("each service says what becomes of all three protocols, with a day or without one", () => {
  for (const service of SERVICES) {
    const ends = mailService(service).passwordEnds;
    expect(ends.flatMap(({ protocols }) => protocols).sort()).toEqual(["imap", "pop3", "smtp"]);
    for (const { day, source, state } of ends) {
      if (day !== null) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
      if (state !== "unknown") expect(source).toMatch(/^https:\/\//);
    }
  }
});
