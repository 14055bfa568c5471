import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { newKey } from "@/lib/kernel/crypto";

/** Whole or not at all, owner-only; an existing file stays. */
export function createKeyFile(path: string): string {
  const key = newKey();
  const draft = writeDraft(path, [key]);
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(path);
  return key;
}

export function readKeyFile(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .trim()
        .split(/[\s,]+/)
        .filter(Boolean)
    : [];
}

/** Readers see the old or the new file. */
export function replaceKeyFile(path: string, keys: readonly string[]): void {
  renameSync(writeDraft(path, keys), path);
  syncFolder(path);
}

function writeDraft(path: string, keys: readonly string[]): string {
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, `${keys.join("\n")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}

/** The name too must be on disk before anything is sealed. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
