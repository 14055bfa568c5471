import type { AuditActor } from "@/lib/audit/mutations";
import { requireUnlocked } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { hashToken, randomToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { requireOneself } from "@/lib/kernel/oneself";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { decisionAboutPeople } from "@/lib/people/decision";
import { hashNewPassword, isSamePassword, requireNoAddress } from "../administrators/password-hash";
import { isPasswordOf } from "../administrators/sign-in";
import { isPasswordRefused } from "../company/store";
import { deleteFactors } from "../factors/store";
import {
  type ChangePassword,
  createPasswordLinkSchema,
  type UsePasswordLink,
} from "../links/schema";
import {
  findAdministratorAddresses,
  findLinkOwner,
  replacePasswordLink,
  spendPasswordLink,
  takePassword,
  voidLinksBy,
} from "../links/store";
import { requireStanding } from "../standing/store";
import { decideAboutPeople, endWaysIn, tellPerson } from "../store";

/** All other sessions end. @throws AppError unprocessable; too_many_requests; conflict */
export async function changePassword(
  actor: Actor,
  { current, password }: ChangePassword,
  browser?: string,
): Promise<void> {
  requireOneself(actor);
  const person = await db().administrator.findUniqueOrThrow({
    where: { id: actor.id },
    select: { email: true, passwordHash: true, takenPasswordHashes: true },
  });
  const from = { address: actor.address, browser };
  if (!(await isPasswordOf({ email: person.email, password: current }, from)))
    throw fieldError("current", "This is not your current password.");
  if (isSamePassword(current, password))
    throw fieldError("password", "Choose a password that differs from the current one.");
  requireNoAddress(password, person.email);
  const passwordHash = await hashNewPassword(password, person.takenPasswordHashes);
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor);
    const { count } = await tx.administrator.updateMany({
      where: { id: actor.id, passwordHash: person.passwordHash },
      data: { passwordHash },
    });
    if (count === 0)
      throw new AppError("conflict", "Your password was changed in the meantime. Sign in again.");
    await endWaysIn(tx, actor.id, { butFor: actor.sessionId, also: "password_link" });
    const { id, name } = actor;
    await tellPerson(tx, { action: "administrator.password", id, name, by: actor });
  });
}

/** A new one voids the last. Not for oneself: an open browser would give the account away. */
export const createPasswordLink = decisionAboutPeople({
  input: createPasswordLinkSchema,
  async run({ tx, actor }, { administratorId }): Promise<{ link: string }> {
    if (administratorId === actor.id)
      throw new AppError("conflict", "Change your own password in your profile.");
    const person = await findPerson(tx, { id: administratorId });
    return makeLink(tx, { by: actor, person });
  },
});

type Taken = { sessionsEnded: number; hadFactors: boolean };

/**
 * When no one can sign in any more: who may start this command may read everything anyway. The phone may be lost
 * too, or be in wrong hands: whatever let the person in is void at once. @throws AppError not_found, conflict,
 * locked
 */
export async function createPasswordLinkOnHost(email: string): Promise<{ link: string } & Taken> {
  await requireUnlocked();
  const host = { kind: "job", id: "host", name: "The host" } as const;
  return decideAboutPeople(async (tx) => {
    const person = await findPerson(tx, { email: emailKey(email) });
    const taken = await takeEveryWayIn(tx, person);
    if (taken.hadFactors)
      await tellPerson(tx, { action: "administrator.remove_factors", ...person, by: host });
    const detail = { passwordErased: true, sessionsEnded: taken.sessionsEnded };
    return { ...(await makeLink(tx, { by: host, person, detail })), ...taken };
  });
}

async function takeEveryWayIn(tx: Transaction, { id }: { id: string }): Promise<Taken> {
  await takePassword(tx, id);
  const sessionsEnded = await endWaysIn(tx, id);
  // What wrong hands created in the person's name would let them in again.
  await voidLinksBy(tx, id);
  return { sessionsEnded, hadFactors: await deleteFactors(tx, id) };
}

async function findPerson(tx: Transaction, where: { id: string } | { email: string }) {
  const person = await tx.administrator.findUnique({
    where,
    select: { id: true, name: true, disabledAt: true },
  });
  if (!person) throw await unknownPerson(tx, where);
  const { disabledAt, ...found } = person;
  if (disabledAt)
    throw new AppError("conflict", `${found.name} is disabled. Enable the administrator first.`);
  return found;
}

/** Who runs the command on the host may read everything: the right address is named. */
async function unknownPerson(tx: Transaction, where: { id: string } | { email: string }) {
  if ("id" in where) return new AppError("not_found", "This administrator does not exist.");
  const [named, count] = await findAdministratorAddresses(tx);
  const others = count > named.length ? `, and ${count - named.length} more` : "";
  const known = `Active administrators: ${named.join(", ") || "none"}${others}.`;
  const message = `No one signs in with the address ${where.email}. ${known}`;
  return new AppError("not_found", message);
}

type NewLinkOf = {
  by: AuditActor;
  person: { id: string; name: string };
  detail?: Record<string, boolean | number>;
};

async function makeLink(tx: Transaction, { by, person, detail }: NewLinkOf) {
  await requirePasswordOf(tx, person.id);
  const token = randomToken();
  await replacePasswordLink(tx, {
    tokenHash: hashToken(token),
    administratorId: person.id,
    createdByName: by.name,
    createdById: by.kind === "user" ? by.id : null,
  });
  const told = { ...person, by, ...(detail && { detail }) };
  await tellPerson(tx, { action: "administrator.reset", ...told });
  return { link: `${env().url.origin}/reset#${token}` };
}

async function requirePasswordOf(tx: Transaction, id: string): Promise<void> {
  const { name, role } = await tx.administrator.findUniqueOrThrow({
    where: { id },
    select: { name: true, role: true },
  });
  if (!(await isPasswordRefused(role, tx))) return;
  throw new AppError(
    "conflict",
    `Company sign-in is required, so a password of ${name} would be refused. Sign in at the company instead.`,
  );
}

/** Looking spends nothing. @throws AppError not_found */
export async function findPasswordLink({ token }: { token: string }): Promise<{ email: string }> {
  const owner = await findLinkOwner(hashToken(token));
  if (!owner) throw linkRefused();
  return { email: owner.email };
}

/** All sessions of the person end. @throws AppError unprocessable on `password`; not_found; locked */
export async function usePasswordLink({ token, password }: UsePasswordLink) {
  await requireUnlocked();
  const tokenHash = hashToken(token);
  // Before the hash, which costs a third of a second and 128 MiB.
  const person = await findLinkOwner(tokenHash);
  if (!person) throw linkRefused();
  requireNoAddress(password, person.email);
  const { passwordHash: current, takenPasswordHashes: taken } = person;
  const passwordHash = await hashNewPassword(password, current ? [current, ...taken] : taken);
  return decideAboutPeople(async (tx) => {
    const owner = await findLinkOwner(tokenHash, tx);
    if (!owner || !(await spendPasswordLink(tx, tokenHash))) throw linkRefused();
    const { id, name, email, createdByName } = owner;
    await requirePasswordOf(tx, id);
    await tx.administrator.updateMany({ where: { id }, data: { passwordHash } });
    await endWaysIn(tx, id, { also: "password_link" });
    const detail = { linkFrom: createdByName };
    await tellPerson(tx, { action: "administrator.password", id, name, detail });
    return { email };
  });
}

function linkRefused(): AppError {
  return new AppError(
    "not_found",
    "This link was already used or has expired. Ask an administrator for a new one, or run npm run administrator:reset on the host.",
  );
}
