import { createTokenIssuer } from "@/e2e/servers/access-tokens";
import { openInboxes } from "@/e2e/servers/inboxes";
import { startMailServers, unavailableReason } from "@/e2e/servers/mail-servers";
import { AUDIENCE, type Bench, cloudOf } from "../bench";
import { rawClient } from "../conversation";
import { beside, type Figure, figure } from "../figures";
import { compare, inFull, type Load, load, type Slice, sliceOf } from "../rounds";
import type { Seeded } from "../tools/seed";

const LANES = [1, 8, 32];
/** Until both sides' code is compiled: after 900 tests a twelfth of the product's CPU is still the compiler's. */
const WARM_UP_MS = inFull(60_000, 1_000);

/** Rate and CPU time of connection tests beside the floor's. */
export async function measureConnectionTests(bench: Bench): Promise<Figure[]> {
  const mail = await startMail(bench, { name: "mail", mailboxes: 32 });
  const web = await mail.site.web();
  const lanes = mail.accounts.map((id) =>
    rawClient("POST", `${web.url}/api/emailAccounts/${id}/connectionTest`, mail.headers),
  );
  const test = async (lane: number) => {
    const answer = (await lanes[lane]?.ask()) ?? "";
    if (!answer.includes('"type":"finished"') || !answer.includes('"verdict":"ok","durationMs"'))
      throw new Error(`A connection test did not pass: ${answer.slice(-600)}`);
  };
  const product = (count: number) =>
    sliceOf(web.pid, (durationMs) => load({ lanes: count, durationMs }, test));
  await compare([product(16), mail.floor(16)], WARM_UP_MS);
  const figures: Figure[] = [];
  for (const count of LANES) {
    const both = await compare([product(count), mail.floor(count)], 0);
    const [rate, cpu] = [both("perSecond"), both("cpuMs")];
    const what = `connection tests, ${count} at once`;
    const rates = beside(rate.ours, rate.floor, "/s");
    const costs = beside(cpu.ours, cpu.floor, "ms");
    figures.push(
      figure(`${what}: rate beside the floor`, rate.ratio, ">= 80 %", rates),
      figure(`${what}: CPU beside the floor`, cpu.ratio, "<= 1.5 x", costs),
    );
  }
  for (const lane of lanes) lane.close();
  return figures;
}

/** What Entra ID's tokens carry beside, so that these are of their size. */
const CLAIMS_BESIDE = {
  scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
  signin_state: Array.from({ length: 12 }, (_, index) => `state-${index}`),
  xms_st: { sub: "x".repeat(400) },
};
const ISSUER = "https://login.test/tenant/";

/** `connections` of IMAP are kept open at once; no two tests at once may share a mailbox. */
type Wanted = { name: string; mailboxes: number; connections?: number };

/** Dovecot and Postfix, a floor, and a product with mailboxes whose tokens these servers accept. */
export async function startMail(bench: Bench, { name, mailboxes: count, ...more }: Wanted) {
  const reason = unavailableReason();
  if (reason) throw new Error(reason);
  const dir = bench.folder();
  const issuer = createTokenIssuer({ iss: ISSUER, aud: AUDIENCE, azp: "bench" });
  const mailboxes = Array.from({ length: count }, (_, index) => {
    const user = `mailbox${index}@contoso.test`;
    return { user, accessToken: issuer.issue({ upn: user, ...CLAIMS_BESIDE }) };
  });
  const { publicKeys } = issuer;
  const accepted = { issuer: ISSUER, audience: AUDIENCE, publicKeys, clientIds: ["bench"] };
  const users = mailboxes.map(({ user }) => user);
  const { close, ...servers } = await startMailServers({ dir, users, ...accepted, ...more });
  bench.defer(close);
  const site = await bench.install(name, { extra: cloudOf(servers) });
  const { accounts, apiKey } = await site.seed<Seeded>({ kind: "mailboxes", mailboxes });
  const tool = bench.tool("mail-floor");
  await tool.ask({ mailboxes, servers });
  const floor = (lanes: number): Slice =>
    sliceOf(tool.pid, (durationMs) => tool.ask<Load>({ lanes, durationMs }));
  const headers = { authorization: `Bearer ${apiKey}` };
  return { site, accounts, headers, floor, inboxes: openInboxes(dir) };
}
