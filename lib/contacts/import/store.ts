import { recordAudit } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { findKeptOut, KEPT_OUT } from "../privacy/store";
import type { ImportRow } from "./schema";

const BATCH = 2_000;

type Taken = Pick<ImportRow, "outcome" | "reason">;

export async function findTaken(keys: string[]): Promise<Map<string, Taken>> {
  const taken = new Map<string, Taken>();
  for (const some of batches(keys)) {
    const { rows } = await pool().query<{ key: string; list: string }>(
      `SELECT c."emailKey" AS key, l.name AS list FROM "Contact" c
       JOIN "ContactList" l ON l.id = c."contactListId" WHERE c."emailKey" = ANY($1::text[])`,
      [some],
    );
    for (const { key, list } of rows)
      taken.set(key, { outcome: "existing", reason: `Already in the list “${list}”.` });
  }
  for (const key of await db().$transaction((tx) => findKeptOut(tx, keys)))
    taken.set(key, { outcome: "refused", reason: KEPT_OUT });
  return taken;
}

export type ImportedContact = { key: string; email: string; name: string };

/**
 * In one transaction. Others came or were erased meanwhile.
 * @permission none: a part of importContacts.
 */
export async function insertContacts(
  actor: Actor,
  contactListId: string,
  contacts: ImportedContact[],
): Promise<Set<string>> {
  const added = new Set<string>();
  await db().$transaction(
    async (tx) => {
      const list = await tx.contactList.findUnique({
        where: { id: contactListId },
        select: { name: true },
      });
      if (!list) throw new AppError("not_found", "This list no longer exists.");
      const keptOut = await findKeptOut(
        tx,
        contacts.map(({ key }) => key),
      );
      // In one order, against deadlocks between files.
      const sorted = contacts
        .filter(({ key }) => !keptOut.has(key))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
      for (const some of batches(sorted)) {
        const rows = await tx.$queryRaw<{ emailKey: string }[]>`
          INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
          SELECT gen_random_uuid(), ${contactListId}::uuid, n.email, n.key, n.name
          FROM unnest(${some.map(({ email }) => email)}::text[], ${some.map(({ key }) => key)}::text[],
            ${some.map(({ name }) => name)}::text[]) AS n(email, key, name)
          ON CONFLICT ("emailKey") DO NOTHING RETURNING "emailKey"`;
        for (const { emailKey } of rows) added.add(emailKey);
      }
      const object = { kind: "contact_list", id: contactListId, name: list.name };
      const detail = { contacts: added.size };
      await recordAudit(tx, actor, { action: "contact_list.import", object, detail });
      await publish(tx, { type: "contact", id: contactListId });
    },
    { timeout: MINUTE_MS },
  );
  return added;
}

function* batches<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH);
}
