import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { lineOf, readArchive, requireWhole } from "./archive-file";
import type { Archive, ArchivedEvent } from "./schema";

/** Oldest first. @throws AppError conflict naming a missing, changed or differing part */
export async function* wholeTrail(
  archives: readonly Archive[],
  rows: AsyncGenerator<ArchivedEvent>,
): AsyncGenerator<ArchivedEvent> {
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

async function next(rows: AsyncGenerator<ArchivedEvent>): Promise<ArchivedEvent | undefined> {
  const { value, done } = await rows.next();
  return done ? undefined : value;
}

function folderOf({ file }: Archive): string {
  const { auditArchive } = env();
  if (auditArchive !== undefined) return auditArchive;
  const message = `The archive ${file} was not looked for. Set POSTKEY_AUDIT_ARCHIVE to its folder.`;
  throw new AppError("conflict", message);
}

function requireSame(row: ArchivedEvent, event: ArchivedEvent, archive: Archive): void {
  if (row.id !== event.id) throw notIn(archive, row);
  if (lineOf(row) === lineOf(event)) return;
  throw new AppError("conflict", `Event ${row.id} is another one in the archive ${archive.file}.`);
}

function notIn({ file }: Archive, { id }: ArchivedEvent): AppError {
  return new AppError("conflict", `Event ${id} was added by hand: the archive ${file} lacks it.`);
}
