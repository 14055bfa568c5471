import "server-only";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { requireWhole, writeArchive } from "./archive-file";
import type { Archive } from "./schema";
import {
  archiveAlone,
  deleteSome,
  findOldRange,
  hasEvents,
  listArchives,
  readRange,
  saveArchive,
} from "./store";

type Options = { folder: string; months?: number; signal?: AbortSignal };

/**
 * Moves events of whole months that are older than POSTKEY_AUDIT_MONTHS from the table to files, a month at a
 * time. An event leaves the table only when its file is on the disk, was read again, and is known to the
 * database. It may be killed at any moment and begun again.
 *
 * @returns the files that were written, or null when another process is at it
 * @throws AppError conflict when an earlier file is missing here or was changed; nothing is removed then
 */
export async function archiveOldEvents(options: Options): Promise<Archive[] | null> {
  const written: Archive[] = [];
  const isAlone = await archiveAlone(async () => {
    for (const archive of await listArchives()) await finish(archive, options);
    while (!options.signal?.aborted) {
      const archive = await archiveNext(options);
      if (!archive) return;
      written.push(archive);
      await finish(archive, options);
    }
  });
  return isAlone ? written : null;
}

/** One month, if there is one that is old enough. */
async function archiveNext({
  folder,
  months = env().auditMonths,
}: Options): Promise<Archive | null> {
  const range = await findOldRange(months);
  if (!range) return null;
  const { firstId, lastId, month } = range;
  const names = new Set((await listArchives()).map(({ file }) => file));
  const content = await writeArchive(folder, month, {
    batches: readRange(range),
    isTaken: (file) => names.has(file),
  });
  const archive = { ...content, firstId, lastId };
  await saveArchive(archive);
  log.info(
    { file: archive.file, events: archive.events },
    "events of the audit trail are archived",
  );
  return archive;
}

/** Removes what is in a file from the table; the file proves first that it has it. */
async function finish(archive: Archive, { folder, signal }: Options): Promise<void> {
  if (!(await hasEvents(archive))) return requireThere(folder, archive);
  await requireWhole(folder, archive);
  while (!signal?.aborted && (await deleteSome(archive)) > 0);
}

/** A folder without the earlier files is another host's, or an empty disk: no place for the next one. */
async function requireThere(folder: string, { file }: Archive): Promise<void> {
  await access(join(folder, file)).catch((cause: unknown) => {
    throw new AppError("conflict", `The archive ${file} is missing in ${folder}.`, { cause });
  });
}
