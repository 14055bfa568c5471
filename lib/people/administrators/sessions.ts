import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { findLock } from "@/lib/installation/keys/store";
import { db } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import type { Transaction } from "@/lib/kernel/transaction";
import { browserName } from "../sessions/browser-name";
import { isTwoFactors, type SessionMethod } from "../sessions/schema";
import {
  type AdministratorIdentity,
  createSession,
  deleteSession,
  findSession,
  requireUnchanged,
} from "./store";

type From = { address?: string | undefined; userAgent?: string | undefined };

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

export async function openSession(
  tx: Transaction,
  { person, from, begun, isAudited }: Opening,
): Promise<string> {
  const { address, userAgent = "" } = from;
  const { method } = begun;
  const how = { method, twoFactors: isTwoFactors(method) };
  const began = { ...(address && { address }), browser: browserName(userAgent), ...how };
  const sessionId = await createSession(person.id, began, tx);
  await begun.bind?.(tx, { id: sessionId, isAudited });
  const detail = { method, ...(begun.company && { company: begun.company }) };
  if (isAudited) await record(tx, { action: "session.begin", person, from, detail });
  return sessionId;
}

/** Ends a session for any caller: the id is the proof. */
export async function endSession(sessionId: string, from: From): Promise<void> {
  const person = await findSession(sessionId);
  await withAudit(async (tx, isAudited) => {
    const wasThere = await deleteSession(sessionId, tx);
    if (person && wasThere && isAudited) await record(tx, { action: "session.end", person, from });
  });
}

type Refused = { username: string; detail: { company: string; cause: string; reason: string } };

/**
 * @param person null when no account has the address, which is not kept then @param refused what a company proved
 */
export async function recordRefusal(
  person: Pick<AdministratorIdentity, "id" | "name"> | null,
  { address }: From,
  refused?: Refused,
): Promise<void> {
  const nobody = {
    kind: "anonymous",
    id: "",
    name: "Someone",
    ...(address && { address }),
  } as const;
  const { id, name } = person ?? { id: "", name: refused?.username ?? "" };
  const detail = refused && { detail: refused.detail };
  await withAudit(async (tx, isAudited) => {
    const object = { kind: "administrator", id, name };
    if (isAudited) await recordAudit(tx, nobody, { action: "session.refuse", object, ...detail });
  });
}

type Entry = {
  action: string;
  person: AdministratorIdentity;
  from: From;
  detail?: Record<string, string>;
};

async function record(tx: Transaction, { action, person, from, detail }: Entry): Promise<void> {
  const { id, name } = person;
  const actor = { kind: "user", id, name, ...(from.address && { address: from.address }) } as const;
  const object = { kind: "administrator", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
}

/** While Postkey is locked the trail takes no events, and people still have to see the rest. */
export async function withAudit<T>(
  work: (tx: Transaction, isAudited: boolean) => Promise<T>,
): Promise<T> {
  const isAudited = (await findLock()) === null;
  if (!isAudited) log.warn("a sign-in or sign-out while locked is not in the audit trail");
  return db().$transaction((tx) => work(tx, isAudited));
}
