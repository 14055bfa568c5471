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

/**
 * Makes the key file, readable by its owner only. It is there whole or not at all, and one that is
 * there already is left alone.
 * @returns the key
 */
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

/** The keys of a key file; the first one seals. */
export function readKeyFile(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .trim()
        .split(/[\s,]+/)
        .filter(Boolean)
    : [];
}

/** Puts other keys in the place of those in the file: a reader finds the old ones or the new ones. */
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

/** The name has to be on disk too, before anything is sealed with what the file holds. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
