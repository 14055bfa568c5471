import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { AppError } from "@/lib/kernel/errors";
import { pick } from "@/lib/kernel/pick";
import { AUDIT_COLUMNS, type StoredEvent, storedEventSchema } from "../trail/schema";

/** Covers the lines before compression. */
export type Content = { events: number; sha256: string };

export type Archive = Content & { file: string; firstId: string; lastId: string };

export function lineOf(event: StoredEvent): string {
  return `${JSON.stringify(pick(event, AUDIT_COLUMNS))}\n`;
}

/** Whole and on disk, or not at all; no file is replaced. @param month such as 2026-08 */
export async function writeArchive(
  folder: string,
  month: string,
  {
    batches,
    isTaken,
  }: { batches: AsyncIterable<StoredEvent[]>; isTaken: (file: string) => boolean },
): Promise<Content & { file: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `${month}.part`);
  const written = await writePart(part, batches);
  try {
    const read = await readContent(part);
    if (!isSame(read, written)) throw new Error(`${part} does not hold what was written to it.`);
    for (let number = 1; ; number += 1) {
      const file = `${month}${number > 1 ? `-${number}` : ""}.jsonl.gz`;
      if (!isTaken(file) && (await place(part, join(folder, file), written))) {
        await sync(folder);
        return { ...written, file };
      }
    }
  } finally {
    await unlink(part);
  }
}

async function writePart(part: string, batches: AsyncIterable<StoredEvent[]>): Promise<Content> {
  const hash = createHash("sha256");
  let events = 0;
  async function* lines() {
    for await (const batch of batches) {
      const text = batch.map(lineOf).join("");
      hash.update(text);
      events += batch.length;
      yield text;
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(part, { mode: 0o600 }));
  await sync(part);
  return { events, sha256: hash.digest("hex") };
}

/** @returns false if another file has this name */
async function place(part: string, path: string, content: Content): Promise<boolean> {
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return isSame(await readContent(path).catch(() => null), content);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isSame(one: Content | null, other: Content): boolean {
  return one?.events === other.events && one.sha256 === other.sha256;
}

/** @throws AppError conflict with the file's name when it is missing or changed */
export async function requireWhole(folder: string, archive: Archive): Promise<void> {
  const content = await readContent(join(folder, archive.file)).catch((error: unknown) => {
    const isMissing = hasCode(error, "ENOENT");
    throw damaged(archive, isMissing ? `is missing in ${folder}` : "cannot be read", error);
  });
  if (!isSame(content, archive)) throw damaged(archive, "was changed");
}

async function readContent(path: string): Promise<Content> {
  const hash = createHash("sha256");
  let events = 0;
  for await (const line of readLines(path)) {
    hash.update(line).update("\n");
    events += 1;
  }
  return { events, sha256: hash.digest("hex") };
}

/** In bounded memory. @throws AppError conflict with the file's name for an invalid line */
export async function* readArchive(folder: string, archive: Archive): AsyncGenerator<StoredEvent> {
  for await (const line of readLines(join(folder, archive.file))) {
    const event = storedEventSchema.safeParse(parsed(line)).data;
    if (!event) throw damaged(archive, "was changed");
    yield event;
  }
}

const NEWLINE = 0x0a;

/** Only LF ends a line: names may hold other line separators. */
async function* readLines(path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // The loop below reports the failure.
  pipeline(createReadStream(path), gunzip).catch(() => {});
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of gunzip) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = rest.indexOf(NEWLINE); to >= 0; to = rest.indexOf(NEWLINE, from)) {
      yield rest.subarray(from, to);
      from = to + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) throw new Error(`${path} is cut short.`);
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return null;
  }
}

function damaged({ file }: Archive, what: string, cause?: unknown): AppError {
  return new AppError("conflict", `The archive ${file} ${what}.`, { cause });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
