import { loadCertificates } from "@/e2e/sandbox/certificates";
import { ADMINISTRATOR, type Bench } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { median, percentile } from "../rounds";
import type { WaysInTimes } from "../tools/ways-in";

/** How long each way in takes, from the first request to the session. */
export async function measureWaysIn(bench: Bench): Promise<Figure[]> {
  const stateDir = bench.folder();
  const { caFile } = loadCertificates(stateDir);
  const extra = { POSTKEY_CA_FILE: caFile, POSTKEY_PRIVATE_HOSTS: "localhost" };
  const site = await bench.install("ways_in", { extra });
  const { url } = await site.web();
  const order = { url, stateDir, ...ADMINISTRATOR };
  const tool = bench.tool("ways-in", site.env);
  const { hash, password, passkey, company } = await tool.ask<WaysInTimes>(order);
  const hashMs = median(hash);
  const without = password.map((ms) => ms - hashMs);
  return [
    wayIn(`with a password, beside the ${inWords(hashMs, "ms")} of its hash`, without),
    wayIn("with a passkey", passkey),
    wayIn("at a company, its own pages included", company),
  ];
}

function wayIn(way: string, times: number[]): Figure {
  const note = `p95 ${inWords(percentile(times, 0.95), "ms")}`;
  return figure(`sign-in ${way}: p50`, median(times), "<= 1,000 ms", note);
}
