import { listContactLists } from "@/lib/contacts/lists/queries";
import { listContacts } from "@/lib/contacts/queries";
import { listDevices } from "@/lib/devices/queries";
import { listEmailAccounts } from "@/lib/email-accounts/queries";
import { encodeCursor } from "@/lib/kernel/paging/list";
import { listCloudProviders } from "@/lib/registrations/queries";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import { type Bench, seedFleet } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { fetchText, signIn } from "../http";
import { inFull, median, percentile, timesOf } from "../rounds";

const ROWS = inFull(100_000, 2_500);

/** Lists at 100,000 rows, whatever they are asked for; from the request to the last byte. */
export async function measureLists(bench: Bench): Promise<Figure[]> {
  const site = await bench.install("lists");
  await seedFleet(site, ROWS);
  const { url } = await site.web();
  const headers = { cookie: await signIn(url) };
  const ask: Ask = (path) => fetchText(`${url}${path}`, { headers });
  const [known] = await site.query<Known>(
    `SELECT c."contactListId" AS list, e.id AS account, e."cloudProviderId" AS provider, "nameKey"
     FROM "Contact" c JOIN "EmailAccount" e ON e.id = c."emailAccountId" LIMIT 1`,
  );
  if (!known) throw new Error("Nothing was seeded.");
  const figures: Figure[] = [];
  for (const list of listsWith(known)) figures.push(await anyFilterOrOrder(ask, list));
  const turns = { warmUp: inFull(60, 1), turns: inFull(300, 6) };
  const api = await timesOf(() => ask("/api/emailAccounts"), turns);
  const what = "API: a list of 100,000 accounts: p95";
  return [...figures, figure(what, percentile(api, 0.95), "<= 50 ms")];
}

type Ask = (path: string) => Promise<string>;
type Known = { provider: string; list: string; account: string; nameKey: string };
type Declared = { sortNames: readonly string[]; viewNames: readonly string[] };
type Listed = readonly [path: string, list: Declared | null, narrowed: string];

/** What each is narrowed to beside its views; its views and orders are those that it declares. */
function listsWith({ provider, list, account, nameKey }: Known): Listed[] {
  const deep = `after=${encodeCursor([nameKey, account])}`;
  // All of them have contoso in their addresses, and the views are counted within.
  const accounts = `${deep} cloudProviderId=${provider} service=gmail search=1999 search=contoso`;
  const contacts = `contactListId=${list} emailAccountId=${account} search=1999`;
  const events = "result=refused actor=7 action=session.refuse kind=contact search=1999";
  const providers = "shownState=sign_in_again service=google search=1999";
  return [
    ["/email/accounts", listEmailAccounts, accounts],
    ["/email/devices", listDevices, "search=1999"],
    ["/settings/cloud-providers", listCloudProviders, providers],
    ["/contacts/all", listContacts, contacts],
    ["/contacts", listContactLists, "sort=name"],
    ["/incidents", listIncidents, "search=1999"],
    ["/settings/audit", null, events],
  ];
}

/** The slowest way to ask for a list, and the one in the middle. */
async function anyFilterOrOrder(ask: Ask, [path, list, narrowed]: Listed): Promise<Figure> {
  const { viewNames = [], sortNames = [] } = list ?? {};
  const orders = sortNames.map((sort) => `sort=${sort}`);
  const all = [...orders, ...orders.map((order) => `${order}&direction=desc`)];
  const views = viewNames.map((view) => `view=${view}`);
  const measured: { query: string; ms: number }[] = [];
  for (const query of [...views, ...all, ...narrowed.split(" ")]) {
    const look = async () => {
      // A page that does not know the filter shows another list.
      if ((await ask(`${path}?${query}`)).includes("of this address is unknown"))
        throw new Error(`${path} does not know ${query}.`);
    };
    const times = await timesOf(look, { warmUp: inFull(6, 1), turns: inFull(15, 1) });
    measured.push({ query: query.replace(/=.{36,}/, ""), ms: median(times) });
  }
  const [slowest] = measured.sort((one, other) => other.ms - one.ms);
  const middle = inWords(median(measured.map(({ ms }) => ms)), "ms");
  const note = `${slowest?.query || "first page"}; the middle one ${middle}`;
  const what = `${path}, 100,000 rows, any filter or order: p50`;
  return figure(what, slowest?.ms ?? Number.NaN, "<= 30 ms", note);
}
