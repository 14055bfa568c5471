import { access } from "node:fs/promises";
import { join } from "node:path";
import { workAlone } from "@/lib/kernel/advisory-locks";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { type Archive, requireWhole, writeArchive } from "./archive-file";
import { deleteSome, findOldRange, hasEvents, listArchives, readRange, saveArchive } from "./store";

type Options = { folder: string; months?: number; signal?: AbortSignal };

/**
 * Can be killed at any time: events leave the table once their file is on disk and verified.
 * @returns null when another process does it
 * @throws AppError conflict when an earlier file is missing or changed; nothing is removed then
 */
export async function archiveOldEvents(options: Options): Promise<Archive[] | null> {
  const written: Archive[] = [];
  const isAlone = await workAlone("auditArchive", async () => {
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

async function archiveNext({ folder, months = env().auditMonths }: Options) {
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

/** The file is verified first. */
async function finish(archive: Archive, { folder, signal }: Options): Promise<void> {
  if (!(await hasEvents(archive))) return requireThere(folder, archive);
  await requireWhole(folder, archive);
  while (!signal?.aborted && (await deleteSome(archive)) > 0);
}

/** Without the earlier files it is another host's folder, or an empty disk. */
async function requireThere(folder: string, { file }: Archive): Promise<void> {
  await access(join(folder, file)).catch((cause: unknown) => {
    throw new AppError("conflict", `The archive ${file} is missing in ${folder}.`, { cause });
  });
}
