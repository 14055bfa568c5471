import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { createInitialAdministrator } from "@/lib/people/administrators/set-up";
import { build, isBuilt } from "@/scripts/build.mjs";
import { commands, waitUntilServing } from "@/scripts/installation.mjs";
import { freePort } from "@/scripts/ports.mjs";
import { makeCertificate } from "./certificate";
import { singletons } from "./singletons";

const HOST = "postkey.example.com";
const BUILD_MS = 15 * 60_000;
export const FORGED = "6.6.6.6";
/** Another one than the proxies have. */
export const CLIENT = "127.0.0.2";
const credentials = { email: "ada@contoso.test", password: "correct horse battery staple" };
const runFile = promisify(execFile);

export const PROXIES = {
  nginx: "/usr/sbin/nginx",
  caddy: "/usr/bin/caddy",
  haproxy: "/usr/sbin/haproxy",
};
type Name = keyof typeof PROXIES;

/** The built product, for proxies that run with the files in deploy/. To be called after `withDatabase`. */
export function withProxiedProduct() {
  const folder = mkdtempSync(join(tmpdir(), "postkey-proxies-"));
  const at = (name: string) => join(folder, name);
  const children: ChildProcess[] = [];
  let ports: Record<"proxy" | "web" | "gateway", number>;
  const origin = () => `https://${HOST}:${ports.proxy}`;

  beforeAll(async () => {
    if (!isBuilt()) await build();
    ports = { proxy: await freePort(), web: await freePort(), gateway: await freePort() };
    process.env.POSTKEY_TRUST_PROXY = "127.0.0.1";
    const url = { POSTKEY_URL: origin(), NEXTAUTH_URL: origin() };
    const env = { ...process.env, ...url, NODE_ENV: "production" as const };
    for (const name of ["web", "gateway"] as const) {
      const server = { name, host: "127.0.0.1", port: ports[name] };
      const own = { ...env, POSTKEY_START_ID: name };
      const child = spawn(process.execPath, commands[name]({ ...server, env: own }), { env: own });
      children.push(child);
      await waitUntilServing({ ...server, env: own, child });
    }
    const { key, certificate } = makeCertificate(folder, HOST);
    writeFileSync(at("both.pem"), [certificate, key].map((file) => readFileSync(file)).join(""));
    // At its real cost: the web takes no other.
    singletons.postkey?.delete("password-hash-cost");
    await createInitialAdministrator({ name: "Ada", ...credentials });
  }, BUILD_MS);

  afterAll(async () => {
    for (const child of children) await end(child);
    rmSync(folder, { recursive: true, force: true });
  });

  /** The file in deploy/, with the ports and the certificate of this test. */
  const adapted = (file: string) =>
    readFileSync(`deploy/${file}`, "utf8")
      .replaceAll("127.0.0.1:3000", `127.0.0.1:${ports.web}`)
      .replaceAll("127.0.0.1:3001", `127.0.0.1:${ports.gateway}`)
      .replaceAll("/etc/ssl/postkey", folder)
      .replace(/(listen |bind :)443/, `$1${ports.proxy}`);

  function write(name: string, text: string): string {
    writeFileSync(at(name), text);
    return at(name);
  }

  const argsOf: Record<Name, () => string[]> = {
    nginx() {
      mkdirSync(at("nginx"), { recursive: true });
      const site = write("site.conf", adapted("nginx.conf"));
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (name) => `${name}_temp_path ${at("nginx")}/${name};`,
      );
      const http = `http { access_log off; ${paths.join(" ")} include ${site}; }`;
      const process = `user root; daemon off; pid ${at("nginx.pid")}; error_log ${at("nginx.log")};`;
      return ["-p", at("nginx"), "-c", write("nginx.conf", `${process} events {} ${http}`)];
    },
    caddy() {
      const tls = `tls ${at("certificate.pem")} ${at("key.pem")}`;
      const site = adapted("Caddyfile").replace(`${HOST} {`, `${HOST}:${ports.proxy} {\n${tls}`);
      const options = "admin off\nauto_https disable_redirects\nservers {\nprotocols h1 h2\n}";
      const file = write("Caddyfile", `{\n${options}\n}\n${site}`);
      return ["run", "--adapter=caddyfile", `--config=${file}`];
    },
    haproxy: () => ["-db", "-f", write("haproxy.cfg", adapted("haproxy.cfg"))],
  };

  function start(name: Name): ChildProcess {
    const folders = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    return spawn(PROXIES[name], argsOf[name](), { env: { ...process.env, ...folders } });
  }

  /** What curl is given, as a client asks that writes whom it comes from. */
  const asked = (path: string, ...args: string[]) => [
    ...["--silent", "--show-error", "--cacert", at("certificate.pem"), "--max-time", "60"],
    ...["--interface", CLIENT, "--resolve", `${HOST}:${ports.proxy}:127.0.0.1`],
    ...["--header", `X-Forwarded-For: ${FORGED}`, "--header", `Origin: ${origin()}`],
    ...["--cookie", at("jar"), "--cookie-jar", at("jar"), ...args, `${origin()}${path}`],
  ];
  const curl = async (path: string, ...args: string[]) =>
    (await runFile("curl", asked(path, ...args), { maxBuffer: 1 << 26 })).stdout;

  async function signIn(): Promise<void> {
    const { csrfToken } = JSON.parse(await curl("/api/auth/csrf"));
    const form = { csrfToken, json: "true", callbackUrl: origin(), ...credentials };
    const fields = Object.entries(form).flatMap(([name, value]) => [
      ...["--data-urlencode", `${name}=${value}`],
    ]);
    await curl("/api/auth/callback/credentials", ...fields);
  }

  return { start, asked, curl, signIn, write };
}

export async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  if (child.exitCode === null && child.kill("SIGTERM")) await ended;
}
