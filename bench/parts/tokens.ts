import type { Bench, Server } from "../bench";
import { rawClient } from "../conversation";
import { beside, type Figure, figure } from "../figures";
import { compare, load, type Slice, sliceOf } from "../rounds";
import { startMail } from "./mail";

const AT_ONCE = 32;

/** Cached tokens and lists for programs that ask all the time: from the web and from the gateway. */
export async function measureTokens(bench: Bench): Promise<Figure[]> {
  const { site, accounts, headers } = await startMail(bench, {
    name: "tokens",
    mailboxes: AT_ONCE,
  });
  const [web, gateway] = [await site.web(), await site.gateway()];
  const from = ({ url, pid }: Server, pathOf: (id: string) => string): Slice => {
    const lanes = accounts.map((id) => rawClient("GET", `${url}${pathOf(id)}`, headers));
    bench.defer(() => lanes.forEach(({ close }) => void close()));
    const ask = async (lane: number) => lanes[lane]?.ask();
    return sliceOf(pid, (durationMs) => load({ lanes: AT_ONCE, durationMs }, ask));
  };
  const token = (id: string) => `/api/emailAccounts/${id}/accessToken`;
  const both = (pathOf: (id: string) => string) =>
    compare([from(gateway, pathOf), from(web, pathOf)]);

  const shared = await compare([from(web, token), from(web, () => "/api/bench")]);
  const tokens = await both(token);
  const account = await both((id) => `/api/emailAccounts/${id}`);
  const list = await both(() => "/api/emailAccounts");
  const [rate, p99] = [tokens("perSecond"), tokens("p99Ms")];
  const what = `cached token, ${AT_ONCE} at once`;
  const share = shared("perSecond");
  const rates = beside(share.ours, share.floor, "/s");
  return [
    figure(`${what}: the web's rate`, rate.floor, ">= 1,200 /s"),
    figure(`${what}: the web's p99`, p99.floor, "<= 60 ms"),
    figure(`${what}: the web beside an empty route`, share.ratio, ">= 80 %", rates),
    figure(`${what}: the gateway's rate`, rate.ours, ">= 10,000 /s"),
    figure(`${what}: the gateway's p99`, p99.ours, "<= 10 ms"),
    besideWeb("cached token", rate),
    besideWeb("one account", account("perSecond")),
    besideWeb("a list of 25 accounts", list("perSecond")),
  ];
}

type Rates = { ours: number; floor: number; ratio: number };

function besideWeb(what: string, { ours, floor, ratio }: Rates): Figure {
  const rates = beside(ours, floor, "/s");
  return figure(`${what}: the gateway beside the web`, ratio, ">= 5 x", rates);
}
