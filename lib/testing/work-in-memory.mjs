import { existsSync, readFileSync, statfsSync } from "node:fs";

const MEMORY = "/dev/shm";
const MOUNTS = "/proc/mounts";
const ROOM = 8 * 1024 ** 3;

/**
 * Lets tests write to memory where there is plenty: PostgreSQL makes a thousand files for each database, which takes
 * ten times the processor time on a disk. Who sets TMPDIR chooses.
 */
export function workInMemory() {
  if (!process.env.TMPDIR && hasRoom()) process.env.TMPDIR = MEMORY;
}

/** Programs are started from there too, which containers often forbid. */
function hasRoom() {
  if (!existsSync(MOUNTS)) return false;
  const [, options = "noexec"] =
    /^\S+ \/dev\/shm \S+ (\S+)/m.exec(readFileSync(MOUNTS, "utf8")) ?? [];
  if (options.split(",").includes("noexec")) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM;
}
