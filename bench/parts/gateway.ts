import { listening } from "@/e2e/servers/listening";
import type { MailServers } from "@/e2e/servers/mail-servers";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { makeAuthority, makeServerCertificates } from "@/lib/devices/authority/make";
import { wallTime } from "@/lib/kernel/clock";
import { freePort } from "../../scripts/ports.mjs";
import { type Bench, cloudOf } from "../bench";
import { openConversation, xoauth2 } from "../conversation";
import { type Figure, figure, inWords } from "../figures";
import { compare, load, sliceOf } from "../rounds";
import type { Seeded, SeededDevices } from "../tools/seed";

const AT_ONCE = 16;
/** As long as those of Entra ID are. */
const ACCESS_TOKEN = "t".repeat(1_900);

/** Between clients and the mail server: the gateway, or the splice, whose clients have the token themselves. */
type Way = { pid: number; imap: number; isGateway: boolean };
type Device = { user: string; password: string };

/** The gateway for devices, beside a splice that only joins two TLS connections. */
export async function measureGateway(bench: Bench): Promise<Figure[]> {
  const both = await startBoth(bench);
  const logIns = (way: Way) => {
    const logIn = async () => (await openImap(way, both.nextDevice())).socket.destroy();
    return sliceOf(way.pid, (durationMs) => load({ lanes: AT_ONCE, durationMs }, logIn));
  };
  const measured = await compare([logIns(both.gateway), logIns(both.splice)]);
  const [cpu, rate] = [measured("cpuMs"), measured("perSecond")];
  const [p50, p99] = [measured("p50Ms"), measured("p99Ms")];
  const what = `login, ${AT_ONCE} at once`;
  const inAll = (ms: number) => `${inWords(ms, "ms")} in all`;
  return [
    figure(`${what}: CPU`, cpu.ours, "<= 2.2 ms", `splice ${inWords(cpu.floor, "ms")}`),
    figure(`${what}: latency added, p50`, p50.added, "<= 5 ms", inAll(p50.ours)),
    figure(`${what}: latency added, p99`, p99.added, "<= 25 ms", inAll(p99.ours)),
    figure(`${what}: rate beside a splice`, rate.ratio, ">= 85 %", inWords(rate.ours, "/s")),
  ];
}

async function startBoth(bench: Bench) {
  const { certPem, keyPem, caPem } = await createTestCertificate(bench.folder());
  const order = { kind: "mail", cert: certPem, key: keyPem };
  const mail = await bench.tool("tls").ask<Pick<MailServers, "imap" | "smtp">>(order);
  // The certificates that the gateway has of its own, one of each kind of key.
  const named = { names: ["localhost"], now: wallTime() };
  const pairs = await makeServerCertificates(await makeAuthority(), named);
  const tool = bench.tool("tls");
  const cert = pairs.map(({ certificate }) => certificate);
  const key = pairs.map(({ privateKey }) => privateKey);
  const splicing = { kind: "splice", cert, key, ca: caPem, target: mail.imap.port };
  const imap = await tool.ask<number>(splicing);
  const splice = { pid: tool.pid, imap, isGateway: false };

  const listener = await freePort();
  const extra = {
    ...cloudOf({ ...mail, pop3: mail.imap, caPem }),
    POSTKEY_DEVICE_LISTENERS: `imaps://127.0.0.1:${listener}`,
  };
  const site = await bench.install("gateway", { extra });
  const mailboxes = Array.from({ length: 32 }, (_, at) => ({
    user: `mailbox${at}@contoso.test`,
    accessToken: ACCESS_TOKEN,
  }));
  const { accounts } = await site.seed<Seeded>({ kind: "mailboxes", mailboxes });
  const made = await site.seed<SeededDevices>({ kind: "devices", accounts });
  const devices = made.map(({ password }, at) => ({ password, user: mailboxes[at]?.user ?? "" }));
  const { pid } = await site.gateway();
  // It serves the API first, and then makes its certificate.
  await listening(listener, 60_000);
  let turn = 0;
  const nextDevice = () => devices[turn++ % devices.length] as Device;
  return { gateway: { pid, imap: listener, isGateway: true }, splice, nextDevice };
}

/** IMAP, signed in: at the gateway with a password, through the splice with a token at the server. */
async function openImap({ imap, isGateway }: Way, { user, password }: Device) {
  const conversation = await openConversation({ port: imap, rejectUnauthorized: false });
  const token = xoauth2({ user, accessToken: ACCESS_TOKEN });
  const logIn = isGateway ? `LOGIN ${user} ${password}` : `AUTHENTICATE XOAUTH2 ${token}`;
  await conversation.ask(`a ${logIn}`, "a OK");
  return conversation;
}
