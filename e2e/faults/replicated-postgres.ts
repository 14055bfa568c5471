import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { queryOnce } from "@/lib/testing/postgres-folder";
import { startPostgres } from "@/scripts/embedded-postgres.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { serverUser, usableBinaries } from "@/scripts/postgres-binaries.mjs";
import { signal, treeOf } from "./own-postgres";

const PATIENCE_MS = 30_000;

/** A primary that acknowledges nothing before its standby has it, and one address that names both. */
export async function startReplicated(folder: string) {
  const first = join(folder, "one", "data");
  const second = join(folder, "two");
  await (await startPostgres(join(folder, "one"))).stop();
  mkdirSync(second, { mode: 0o711 });
  // A stopped server's folder is a base backup.
  execFileSync("cp", ["-a", first, second]);
  const primary = await startPostgres(join(folder, "one"));
  const standbyPid = await startStandby(second, primary.url);
  const standbyUrl = new URL(primary.url);
  standbyUrl.port = String(standbyPid.port);
  await until(async () => (await queryOnce(primary.url, STREAMING)).length === 1);
  await queryOnce(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
  await queryOnce(primary.url, "SELECT pg_reload_conf()");
  await until(async () => (await queryOnce(primary.url, IS_SYNCHRONOUS)).length === 1);

  const { username, password, host, pathname } = new URL(primary.url);
  // The standby first: the order must not matter.
  const hosts = `${standbyUrl.host},${host}`;
  const url = `postgresql://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
  const processes = treeOf(primary.pid);
  let lost: number[] = [];
  return {
    url,
    standbyUrl: standbyUrl.href,
    /** As its machine is lost. */
    lose(how: "SIGKILL" | "SIGSTOP") {
      lost = [...processes, ...treeOf(primary.pid)];
      signal(lost, how);
    },
    promote: () => queryOnce(standbyUrl.href, "SELECT pg_promote()"),
    async stop() {
      signal([...processes, standbyPid.pid], "SIGCONT");
      // Each of them: one that is stopped does not hear that the others have ended.
      signal([...processes, ...lost], "SIGKILL");
      signal(treeOf(standbyPid.pid), "SIGKILL");
      await primary.stop();
    },
  };
}

const STREAMING = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'";
const IS_SYNCHRONOUS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";

async function startStandby(folder: string, primaryUrl: string) {
  const data = join(folder, "data");
  const user = serverUser(folder);
  const { hostname, port: primaryPort, username, password } = new URL(primaryUrl);
  const conninfo = `host=${hostname} port=${primaryPort} user=${username} password=${password}`;
  writeFileSync(join(data, "standby.signal"), "");
  appendFileSync(join(data, "postgresql.auto.conf"), `primary_conninfo = '${conninfo}'\n`);
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=64MB",
  ];
  const child = spawn(
    join(usableBinaries(user, folder), "postgres"),
    ["-D", data, "-p", `${port}`, ...settings.flatMap((setting) => ["-c", setting])],
    { ...user, cwd: folder, stdio: "ignore" },
  );
  return { pid: child.pid ?? 0, port };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; )
    if (await isSo().catch(() => false)) return;
  throw new Error("The standby does not follow.");
}
