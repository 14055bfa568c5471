import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTokenIssuer } from "@/e2e/servers/access-tokens";
import { type Inboxes, openInboxes } from "@/e2e/servers/inboxes";
import { type MailServers, startMailServers } from "@/e2e/servers/mail-servers";
import { HOUR_MS, wallTime } from "@/lib/kernel/clock";
import { commands } from "../../scripts/installation.mjs";
import {
  createDatabase,
  createGroup,
  type Database,
  environmentOf,
  runTool,
  type Web,
} from "../installation";
import { type DelayingProxy, startDelayingProxy } from "./delaying-proxy";
import type { Mailbox } from "./floor-checks";
import { type Floor, startFloor } from "./floor-process";
import type { SeedOrder, SeedResult } from "./seed-mailboxes";

const ROUND_TRIP_MS = 60;
const ISSUER = "https://login.test/tenant/";
const AUDIENCE = "https://outlook.office.com";
const PROTOCOLS = ["imap", "smtp", "pop3"] as const;

/** The two presets of the benchmark: the mail servers beside it, and the same ones far away. */
export const NEAR = "bench-near";
export const FAR = "bench-far";

export type MailBench = SeedResult & {
  databaseUrl: string;
  web: Web;
  /** @returns the process id of a keeper beside the web */
  startKeeper(extra: Record<string, string>): number;
  startGateway(): Promise<Web>;
  floor: Floor;
  servers: MailServers;
  inboxes: Inboxes;
  proxies: Record<(typeof PROTOCOLS)[number], DelayingProxy>;
  stop(): Promise<void>;
};

export type MailBenchOptions = {
  /** Of its database. */
  name: string;
  /** At least as many as are tested at once, so that no two tests share a mailbox. */
  mailboxes: number;
  clouds: string[];
  /** IMAP connections that are kept open at once. */
  connections?: number;
};

/** Dovecot and Postfix, a floor, and a product with mailboxes whose tokens these servers accept. */
export async function startMailBench(
  database: Database,
  { name, mailboxes: count, clouds, connections }: MailBenchOptions,
): Promise<MailBench> {
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    const dir = mkdtempSync(join(tmpdir(), "postkey-bench-mail-"));
    closers.push(() => rmSync(dir, { recursive: true, force: true }));
    const issuer = createTokenIssuer({ iss: ISSUER, aud: AUDIENCE, azp: "bench" });
    const issue = (upn: string) => issuer.issue({ upn, ...CLAIMS_BESIDE });
    const mailboxes = makeMailboxes(count, issue);
    const servers = await startMailServers({
      dir,
      issuer: ISSUER,
      audience: AUDIENCE,
      publicKeys: issuer.publicKeys,
      clientIds: ["bench"],
      users: mailboxes.map(({ user }) => user),
      ...(connections !== undefined && { connections }),
    });
    closers.push(() => servers.close());
    const proxies = await startProxies(servers);
    closers.push(() => Promise.all(Object.values(proxies).map((proxy) => proxy.close())));

    const group = createGroup();
    closers.push(() => group.stop());
    const databaseUrl = await createDatabase(database, name);
    const extra = writeConfiguration(servers, proxies);
    const web = await group.web(databaseUrl, { extra });
    const order: SeedOrder = { mailboxes, clouds, expiresAt: inAnHour() };
    const env = environmentOf(databaseUrl, web.url, extra);
    const seeded = await runTool<SeedResult>("bench-seed-mailboxes", { env, order });
    const { caPem } = servers;
    const floor = await startFloor({ caPem, mailboxes, endpoints: endpointsOf(servers) });
    closers.push(() => floor.stop());
    const startKeeper = (more: Record<string, string>) => {
      const keeperEnv = environmentOf(databaseUrl, web.url, { ...extra, ...more });
      const { pid } = group.start({ name: "keeper", args: commands.keeper(), env: keeperEnv });
      if (pid === undefined) throw new Error("The keeper did not start.");
      return pid;
    };
    const startGateway = () => group.gateway(databaseUrl, { beside: web, extra });
    const inboxes = openInboxes(dir);
    const product = { ...seeded, databaseUrl, web, startKeeper, startGateway };
    return { ...product, floor, servers, inboxes, proxies, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What Entra ID's tokens carry beside, so that these are of their size. */
const CLAIMS_BESIDE = {
  scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
  signin_state: Array.from({ length: 12 }, (_, index) => `state-${index}`),
  xms_st: { sub: "x".repeat(400) },
};

function makeMailboxes(count: number, issue: (user: string) => string): Mailbox[] {
  return Array.from({ length: count }, (_, index) => {
    const user = `mailbox${index}@contoso.test`;
    return { user, accessToken: issue(user) };
  });
}

function inAnHour(): string {
  return new Date(wallTime().getTime() + HOUR_MS).toISOString();
}

async function startProxies(servers: MailServers): Promise<MailBench["proxies"]> {
  const [imap, smtp, pop3] = await Promise.all([
    startDelayingProxy(servers.imap.port, ROUND_TRIP_MS),
    startDelayingProxy(servers.smtp.port, ROUND_TRIP_MS),
    startDelayingProxy(servers.pop3.port, ROUND_TRIP_MS),
  ]);
  return { imap, smtp, pop3 };
}

export function endpointsOf({ imap, smtp, pop3 }: MailServers) {
  return { imap, smtp, pop3 };
}

/** The same endpoints as the proxies offer them. */
export function distantEndpoints({ servers, proxies }: Pick<MailBench, "servers" | "proxies">) {
  return {
    imap: { ...servers.imap, port: proxies.imap.port },
    smtp: { ...servers.smtp, port: proxies.smtp.port },
    pop3: { ...servers.pop3, port: proxies.pop3.port },
  };
}

function writeConfiguration(servers: MailServers, proxies: MailBench["proxies"]) {
  const hosts = { authority: "https://localhost", authorizeOrigin: "https://localhost" };
  const preset = (id: string, mail: object) => ({
    id,
    label: id,
    ...hosts,
    scopeHost: AUDIENCE,
    portal: "https://localhost",
    mail,
  });
  const clouds = [
    preset(NEAR, endpointsOf(servers)),
    preset(FAR, distantEndpoints({ servers, proxies })),
  ];
  const folder = join("var", "mail");
  mkdirSync(folder, { recursive: true });
  const [cloudsFile, caFile] = [join(folder, "clouds.json"), join(folder, "ca.pem")];
  writeFileSync(cloudsFile, JSON.stringify(clouds));
  writeFileSync(caFile, servers.caPem);
  return { POSTKEY_CLOUDS_FILE: cloudsFile, POSTKEY_CA_FILE: caFile };
}
