// Locks that the kernel holds for as long as a file is open (flock(2)): they answer in every namespace
// and container on one machine, and a process that dies leaves none behind.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const TRY_AGAIN_MS = 50;
/** The exit code of flock(1) when another process holds the lock. */
const IS_HELD = 1;
/** Of open(2) on macOS, where it takes the lock itself: <fcntl.h>. */
const MACOS = { O_NONBLOCK: 0x4, shared: 0x10, exclusive: 0x20 };

/**
 * A lock on a file, which is made when it is missing and never written to. Any number may hold it
 * together as `shared`; `exclusive` is held alone, also within one process. A child that inherits `fd`
 * holds it too, until each of its processes has ended.
 * @param {string} file
 * @param {{ kind?: "exclusive" | "shared", waitMs?: number }} [options]
 * @returns {Promise<{ fd: number, release(): void } | null>} null when it is still held after `waitMs`
 * @throws when the file system or the machine has no such locks
 */
export async function takeLock(file, { kind = "exclusive", waitMs = 0 } = {}) {
  for (const deadline = performance.now() + waitMs; ; await sleep(TRY_AGAIN_MS)) {
    const fd = tryLock(file, kind);
    if (fd !== null) return { fd, release: closeOnce(fd) };
    if (performance.now() >= deadline) return null;
  }
}

function tryLock(file, kind) {
  return process.platform === "darwin" ? openLocked(file, kind) : lockOpened(file, kind);
}

function openLocked(file, kind) {
  const { O_RDWR, O_CREAT } = fs.constants;
  try {
    return fs.openSync(file, O_RDWR | O_CREAT | MACOS.O_NONBLOCK | MACOS[kind], 0o600);
  } catch (error) {
    if (error.code === "EAGAIN") return null;
    throw error;
  }
}

/** Node cannot lock: flock(1) locks the file that it inherits, and the lock stays with who opened it. */
function lockOpened(file, kind) {
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
  const options = { stdio: ["ignore", "ignore", "pipe", fd], encoding: "utf8" };
  const { status, stderr, error } = spawnSync("flock", [`--${kind}`, "--nonblock", "3"], options);
  if (status === 0) return fd;
  fs.closeSync(fd);
  if (status === IS_HELD) return null;
  throw new Error(
    error?.code === "ENOENT"
      ? "The program flock is missing; the embedded database needs it. Install the package util-linux, or set DATABASE_URL."
      : `${file} cannot be locked (${(stderr || error?.message || "").trim()}). Set POSTKEY_DATA to a folder on a file system that has locks, or set DATABASE_URL.`,
  );
}

/** A number that was closed may be another file's by now. */
function closeOnce(fd) {
  let isOpen = true;
  return () => {
    if (isOpen) fs.closeSync(fd);
    isOpen = false;
  };
}
