import { findLock } from "@/lib/installation/keys/store";
import { db } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { tellPerson } from "../store";
import { browserName } from "./browsers";
import { isTwoFactors, type SessionMethod } from "./schema";
import {
  type AdministratorIdentity,
  createSession,
  deleteSession,
  findSession,
  requireUnchanged,
} from "./store";

export type From = { address?: string | undefined; userAgent?: string | undefined };

type Begun = {
  method: SessionMethod;
  company?: string;
  bind?: (tx: Transaction, session: { id: string; isAudited: boolean }) => Promise<void>;
};

export async function beginSession(
  person: AdministratorIdentity,
  from: From,
  begun: Begun = { method: "password" },
): Promise<string> {
  return withAudit(async (tx, isAudited) => {
    await requireUnchanged(tx, { id: person.id });
    return openSession(tx, { person, from, begun, isAudited });
  });
}

type Opening = { person: AdministratorIdentity; from: From; begun: Begun; isAudited: boolean };

export async function openSession(tx: Transaction, { person, from, begun, isAudited }: Opening) {
  const { address, userAgent = "" } = from;
  const { method } = begun;
  const how = { method, twoFactors: isTwoFactors(method) };
  const began = { ...(address && { address }), browser: browserName(userAgent), ...how };
  const sessionId = await createSession(person.id, began, tx);
  await begun.bind?.(tx, { id: sessionId, isAudited });
  const detail = { method, ...(begun.company && { company: begun.company }) };
  const { id, name } = person;
  if (isAudited) await tellPerson(tx, { action: "session.begin", id, name, address, detail });
  return sessionId;
}

/** Ends a session for any caller: the id is the proof. */
export async function endSession(sessionId: string, from: From): Promise<void> {
  const person = await findSession(sessionId);
  await withAudit(async (tx, isAudited) => {
    const wasThere = await deleteSession(sessionId, tx);
    if (!person || !wasThere || !isAudited) return;
    const { id, name } = person;
    await tellPerson(tx, { action: "session.end", id, name, address: from.address });
  });
}

/** @param person null when no account has the address, which is not kept then */
export async function recordRefusal(
  person: Pick<AdministratorIdentity, "id" | "name"> | null,
  { address }: From,
  refused?: { username: string; detail: { company: string; cause: string; reason: string } },
): Promise<void> {
  const nobody = { kind: "anonymous", id: "", name: "Someone" } as const;
  const by = { ...nobody, ...(address && { address }) };
  const { id, name } = person ?? { id: "", name: refused?.username ?? "" };
  const told = { id, name, by, ...(refused && { detail: refused.detail }) };
  await withAudit(async (tx, isAudited) => {
    if (isAudited) await tellPerson(tx, { action: "session.refuse", ...told });
  });
}

/** While Postkey is locked the trail takes no events, and people still have to see the rest. */
export async function withAudit<T>(work: (tx: Transaction, isAudited: boolean) => Promise<T>) {
  const isAudited = (await findLock()) === null;
  if (!isAudited) log.warn("a sign-in or sign-out while locked is not in the audit trail");
  return db().$transaction((tx) => work(tx, isAudited));
}
