import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "@/scripts/ports.mjs";
import { serverUser } from "@/scripts/postgres-binaries.mjs";
import { queryOnce } from "./postgres-folder";

export const PROGRAM = "/usr/sbin/pgbouncer";
export const SETTINGS = readFileSync("deploy/pgbouncer.ini", "utf8");

/** Before this server, with the settings of deploy/pgbouncer.ini and what a test changes of them. */
export async function startPooler(server: string, folder: string, change = (ini: string) => ini) {
  const { username, password, port: serverPort } = new URL(server);
  const port = await freePort();
  const own = join(folder, `pooler-${port}`);
  mkdirSync(own);
  const ini = change(SETTINGS)
    .replace(/^postkey = .*$/m, `postkey = host=127.0.0.1 port=${serverPort}`)
    .replace(/^listen_port = .*$/m, `listen_port = ${port}\nunix_socket_dir =`)
    .replace(/^auth_file = .*$/m, `auth_file = ${join(own, "users")}`);
  writeFileSync(join(own, "users"), `"${username}" "${password}"\n`);
  writeFileSync(join(own, "ini"), ini);
  const user = serverUser(folder);
  const { uid, gid } = user;
  if (uid !== undefined && gid !== undefined) chownSync(own, uid, gid);
  // It refuses to run as root, too.
  const child = spawn(PROGRAM, [join(own, "ini")], { ...user, stdio: "ignore" });
  const url = new URL(server);
  url.port = `${port}`;
  await vi.waitFor(() => queryOnce(url.href, "SELECT 1"), { timeout: 20_000 });
  const stop = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url: url.href, stop };
}
