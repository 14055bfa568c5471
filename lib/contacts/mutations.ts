import { randomUUID } from "node:crypto";
import { recordAudits } from "@/lib/audit/mutations";
import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import type { Actor } from "@/lib/kernel/actor";
import { command } from "@/lib/kernel/command";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { requireNotKeptOut } from "./privacy/store";
import {
  createContactSchema,
  deleteContactsSchema,
  mergeContactsSchema,
  moveContactsSchema,
  type SeenContact,
  updateContactSchema,
} from "./schema";

export const createContact = command({
  input: createContactSchema,
  permission: "contacts:write",
  async run({ tx, actor }, input): Promise<{ id: string }> {
    const id = randomUUID();
    const key = emailKey(input.email);
    await requireList(tx, input.contactListId);
    await requireFreeAddress(tx, key);
    await requireNotKeptOut(tx, key);
    await tx.contact.create({ data: { ...input, id, emailKey: key }, select: { id: true } });
    await tell(tx, actor, {
      action: "contact.create",
      list: input.contactListId,
      contacts: [{ id }],
    });
    return { id };
  },
});

const LABELS = { name: "Name", email: "Email address", contactListId: "List" } as const;

/** What capture notes meanwhile is not an edit. */
export const updateContact = command({
  input: updateContactSchema,
  permission: "contacts:write",
  async run({ tx, actor }, input): Promise<void> {
    const { id, version, name, email, contactListId } = input;
    const before = await tx.contact.findUnique({
      where: { id },
      select: { name: true, email: true, contactListId: true, version: true },
    });
    if (!before) throw contactNotFound();
    if (before.version !== version)
      throw await staleContact(tx, { id, email: before.email, version });
    const changed = changedFields(before, input, LABELS);
    if (changed.length === 0) return;
    const key = emailKey(email);
    await requireList(tx, contactListId);
    await requireFreeAddress(tx, key, id);
    if (key !== emailKey(before.email)) await requireNotKeptOut(tx, key);
    const { count } = await tx.contact.updateMany({
      where: { id, version },
      data: { name, email, emailKey: key, contactListId, version: { increment: 1 } },
    });
    if (count !== 1) throw await staleContact(tx, { id, email: before.email, version });
    const detail = { version: version + 1, changed };
    const contacts = [{ id, detail }];
    await tell(tx, actor, { action: "contact.update", list: contactListId, contacts });
  },
});

/** All or none. */
export const moveContacts = command({
  input: moveContactsSchema,
  permission: "contacts:write",
  async run({ tx, actor }, { contacts, contactListId }): Promise<void> {
    await requireList(tx, contactListId);
    const held = await holdContacts(tx, contacts);
    await tx.contact.updateMany({
      where: { id: { in: held.map(({ id }) => id) } },
      data: { contactListId, version: { increment: 1 } },
    });
    const [act, changed] = [randomUUID(), [LABELS.contactListId]];
    const moved = held.map(({ id, version }) => ({
      id,
      detail: { version: version + 1, changed, act },
    }));
    await tell(tx, actor, { action: "contact.move", list: contactListId, contacts: moved });
  },
});

/** All or none. */
export const deleteContacts = command({
  input: deleteContactsSchema,
  permission: "contacts:write",
  async run({ tx, actor }, { contacts }): Promise<void> {
    const held = await holdContacts(tx, contacts);
    await tx.contact.deleteMany({ where: { id: { in: held.map(({ id }) => id) } } });
    const detail = { act: randomUUID() };
    const deleted = held.map(({ id }) => ({ id, detail }));
    const list = held[0]?.contactListId ?? "";
    await tell(tx, actor, { action: "contact.delete", list, contacts: deleted });
  },
});

/** Keeps its address and list, the first sight and the last; other addresses go. */
export const mergeContacts = command({
  input: mergeContactsSchema,
  permission: "contacts:write",
  async run({ tx, actor }, input): Promise<void> {
    const { contacts, keepId, name } = input;
    const held = await holdContacts(tx, contacts);
    const kept = held.find(({ id }) => id === keepId);
    if (!kept) throw contactNotFound();
    const others = held.filter(({ id }) => id !== keepId).map(({ id }) => id);
    const bySight = held
      .filter(({ firstSeenAt }) => firstSeenAt !== null)
      .sort((a, b) => Number(a.firstSeenAt) - Number(b.firstSeenAt));
    await tx.contact.deleteMany({ where: { id: { in: others } } });
    await tx.contact.update({
      where: { id: keepId },
      data: {
        name,
        version: { increment: 1 },
        firstSeenAt: bySight[0]?.firstSeenAt ?? null,
        lastSeenAt: latest(held.map(({ lastSeenAt }) => lastSeenAt)),
        emailAccountId: kept.emailAccountId ?? bySight[0]?.emailAccountId ?? null,
      },
      select: { id: true },
    });
    const detail = { version: kept.version + 1, changed: [LABELS.name], merged: others };
    const merged = [{ id: keepId, detail }];
    await tell(tx, actor, { action: "contact.merge", list: kept.contactListId, contacts: merged });
  },
});

type Told = {
  action: string;
  list: string;
  contacts: { id: string; detail?: Prisma.InputJsonObject }[];
};

async function tell(tx: Transaction, actor: Actor, { action, list, contacts }: Told) {
  const entries = contacts.map(({ id, detail = {} }) => {
    return { actor, action, object: contactObject(id), detail };
  });
  await recordAudits(tx, entries);
  await publish(tx, { type: "contact", id: list });
}

/** The trail is never erased (docs/decisions/020), so it names a contact by its ID alone. */
export function contactObject(id: string) {
  return { kind: "contact", id, name: `Contact ${id.slice(-12)}` };
}

type HeldContact = {
  id: string;
  email: string;
  version: number;
  contactListId: string;
  emailAccountId: string | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
};

/** In one order, against deadlocks. */
async function holdContacts(tx: Transaction, seen: SeenContact[]): Promise<HeldContact[]> {
  const versions = new Map(seen.map(({ id, version }) => [id, version]));
  const ids = [...versions.keys()];
  const held = await tx.$queryRaw<HeldContact[]>`
    SELECT id, email, version, "contactListId", "emailAccountId", "firstSeenAt", "lastSeenAt"
    FROM "Contact" WHERE id IN (${Prisma.join(ids.map((id) => Prisma.sql`${id}::uuid`))})
    ORDER BY id FOR UPDATE`;
  if (held.length < ids.length)
    throw new AppError("not_found", "Some of these contacts no longer exist. Nothing was changed.");
  for (const { id, email, version } of held) {
    const wanted = versions.get(id) ?? 0;
    if (version !== wanted) throw await staleContact(tx, { id, email, version: wanted });
  }
  return held;
}

function latest(times: (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? new Date(Math.max(...known.map(Number))) : null;
}

async function requireList(tx: Transaction, id: string): Promise<void> {
  if ((await tx.contactList.count({ where: { id } })) === 0)
    throw fieldError("contactListId", "This list no longer exists. Choose another one.");
}

async function requireFreeAddress(tx: Transaction, key: string, ownId?: string): Promise<void> {
  const taken = await tx.contact.findUnique({
    where: { emailKey: key },
    select: { id: true, contactList: { select: { name: true } } },
  });
  if (!taken || taken.id === ownId) return;
  const message = `This address is already in the list “${taken.contactList.name}”.`;
  throw new AppError("conflict", message, { fields: { email: [message] } });
}

type Edited = { id: string; email: string; version: number };

/** The person sees the address; the trail does not. */
function staleContact(tx: Transaction, { id, email, version }: Edited): Promise<AppError> {
  return staleEdit({ kind: "contact", id, name: email }, version, tx);
}

export function contactNotFound(): AppError {
  return new AppError("not_found", "This contact no longer exists.");
}
