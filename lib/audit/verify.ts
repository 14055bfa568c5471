import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { counted } from "@/lib/kernel/text/schema";
import { type Archive, lineOf, readArchive, requireWhole } from "./archive/archive-file";
import { CHAIN_START, eventHash, headMac, linkHash } from "./chain";
import { type StoredHead, type Trail, withTrail } from "./store";
import type { StoredEvent } from "./trail/schema";

export type Verdict =
  | { isIntact: true; chained: number; older: number; lastId: string | null }
  | { isIntact: false; eventId: string | null; problem: string };

type Broken = Extract<Verdict, { isIntact: false }>;

/** Nothing was changed, removed or added, also at the end. Names the first difference. */
export async function verifyAudit(): Promise<Verdict> {
  return withTrail(verifyTrail);
}

type Chain = { previous: string; chained: number; older: number; lastId: string | null };

async function verifyTrail({ key, head, events, archives }: Trail): Promise<Verdict> {
  const chain: Chain = { previous: CHAIN_START, chained: 0, older: 0, lastId: null };
  try {
    for await (const event of wholeTrail(archives, events())) {
      const problem = follow(key, chain, event);
      if (problem) return problem;
    }
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return broken(null, error.message);
    throw error;
  }
  const { previous, ...counted } = chain;
  if (!head && chain.chained === 0) return { isIntact: true, ...counted };
  const problem = checkHead(key, head, { ...counted, hash: previous });
  return problem ?? { isIntact: true, ...counted };
}

function follow(key: string | null, chain: Chain, event: StoredEvent): Broken | null {
  if (event.hash === null && chain.chained === 0) {
    chain.older += 1;
    return null;
  }
  const problem = key === null ? missingKey(event) : checkEvent(key, chain, event);
  chain.previous = event.hash ?? "";
  chain.chained += 1;
  chain.lastId = event.id;
  return problem;
}

function checkEvent(
  key: string,
  { previous, lastId }: { previous: string; lastId: string | null },
  event: StoredEvent,
): Broken | null {
  if (event.hash === null) return broken(event.id, `Event ${event.id} was added by hand.`);
  const [own = "", link] = event.hash.split(".");
  if (own !== eventHash(key, event))
    return broken(event.id, `Event ${event.id} was changed, or added by hand.`);
  if (link === linkHash(key, previous, own)) return null;
  const from = lastId === null ? "before" : `between ${lastId} and`;
  return broken(event.id, `At least one event is missing ${from} ${event.id}.`);
}

type Counted = { chained: number; older: number; lastId: string | null; hash: string };

function checkHead(key: string | null, head: StoredHead | null, chain: Counted): Broken | null {
  if (!head) return broken(chain.lastId, "The mark of the end of the trail is missing.");
  if (key === null) return broken(null, "The key of the trail is missing.");
  if (head.mac !== headMac(key, head))
    return broken(head.eventId, "The mark of the end of the trail was changed.");
  if (BigInt(head.eventId) > BigInt(chain.lastId ?? 0))
    return broken(head.eventId, `The end is missing: event ${head.eventId} was the last one.`);
  if (head.hash !== chain.hash)
    return broken(head.eventId, `The mark of the end says ${head.eventId}, which is not the last.`);
  if (head.olderRows !== chain.older)
    return broken(
      null,
      `The chain began after ${counted(head.olderRows, "older event")}, and now there are ${chain.older}.`,
    );
  return null;
}

function missingKey({ id }: StoredEvent): Broken {
  return broken(id, "The key of the trail is missing.");
}

function broken(eventId: string | null, problem: string): Broken {
  return { isIntact: false, eventId, problem };
}

/** Oldest first. @throws AppError conflict naming a missing, changed or differing part */
export async function* wholeTrail(
  archives: readonly Archive[],
  rows: AsyncGenerator<StoredEvent>,
): AsyncGenerator<StoredEvent> {
  let row = await next(rows);
  for (const archive of archives) {
    const folder = folderOf(archive);
    await requireWhole(folder, archive);
    for await (const event of readArchive(folder, archive)) {
      if (row && BigInt(row.id) <= BigInt(event.id)) {
        requireSame(row, event, archive);
        row = await next(rows);
      }
      yield event;
    }
    if (row && BigInt(row.id) <= BigInt(archive.lastId)) throw notIn(archive, row);
  }
  if (row) yield row;
  yield* rows;
}

async function next(rows: AsyncGenerator<StoredEvent>): Promise<StoredEvent | undefined> {
  const { value, done } = await rows.next();
  return done ? undefined : value;
}

function folderOf({ file }: Archive): string {
  const { auditArchive } = env();
  if (auditArchive !== undefined) return auditArchive;
  const message = `The archive ${file} was not looked for. Set POSTKEY_AUDIT_ARCHIVE to its folder.`;
  throw new AppError("conflict", message);
}

function requireSame(row: StoredEvent, event: StoredEvent, archive: Archive): void {
  if (row.id !== event.id) throw notIn(archive, row);
  if (lineOf(row) === lineOf(event)) return;
  throw new AppError("conflict", `Event ${row.id} is another one in the archive ${archive.file}.`);
}

function notIn({ file }: Archive, { id }: StoredEvent): AppError {
  return new AppError("conflict", `Event ${id} was added by hand: the archive ${file} lacks it.`);
}
