import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writeBackup } from "@/lib/installation/backup/format";
import { beginSnapshot, connect, copyOut, readHeader } from "@/lib/installation/backup/store";
import { AppError } from "@/lib/kernel/errors";

/**
 * npm run backup -- <file>: everything as it stands at one moment, while everything goes on. No key is
 * needed: what is sealed stays sealed. The file has its name only when it is whole.
 */
export async function backUp([file]: string[]): Promise<void> {
  if (!file) throw new AppError("invalid_request", "Name the file for the backup.");
  if (existsSync(file)) throw new AppError("conflict", `${file} already exists.`);
  const draft = `${file}.partial`;
  const client = await connect();
  try {
    await beginSnapshot(client);
    const header = await readHeader(client);
    const bytes = Readable.from(writeBackup(header, copyOut(client, header.tables)));
    await pipeline(bytes, createGzip(), createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, file);
    await syncFolder(file);
    console.log(
      `Saved installation ${header.installationId} as of ${header.createdAt} to ${file}.`,
    );
    console.log("The backup opens only with the encryption key. Keep the key somewhere else.");
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await client.end();
  }
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
