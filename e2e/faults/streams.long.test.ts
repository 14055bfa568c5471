import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { eventStream } from "@/lib/http/event-stream";
import { openStreams } from "@/lib/kernel/events/stream-places";
import { isSessionAlive } from "@/lib/people/administrators/store";
import { administrator } from "@/lib/testing/actors";
import { openBrowser } from "@/lib/testing/browser";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { shared } from "@/lib/testing/shared";

withInstallation();
const ada = administrator();
const CLIENTS = 500;
const EVENTS = 40;
const stopping = new AbortController();
setMaxListeners(CLIENTS * 2, stopping.signal);
const browser = shared(() => openBrowser());
afterAll(() => stopping.abort());

type Client = { ids: number[]; read: (response: Response) => Promise<void> };

/** Reads until its stream ends, and keeps the ids in the order they came. */
function createClient(): Client {
  const ids: number[] = [];
  const read = async (response: Response) => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("id: ")) ids.push(Number(line.slice(4)));
    }
  };
  return { ids, read };
}

const open = (signal: AbortSignal, lastEventId: string | null = null) =>
  eventStream({ isStillSomebody: () => isSessionAlive(browser.sessionId), lastEventId, signal });
const write = (count: number, mark: string) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      createContactList(ada, { name: `${mark} ${index}` }),
    ),
  );

test(`${CLIENTS} open pages hear each event once and in order, also those that were away`, async () => {
  const before = process.memoryUsage().rss;
  const clients = Array.from({ length: CLIENTS }, createClient);
  // Half of them lose their connection in the middle, and come back with the last id that they saw.
  const cut = new AbortController();
  const reading = clients.map((client, index) =>
    client.read(open(index % 2 ? AbortSignal.any([cut.signal, stopping.signal]) : stopping.signal)),
  );
  await sleep(300); // LISTEN
  await write(EVENTS / 2, "first");
  await heard(clients, EVENTS / 2);
  cut.abort();
  await write(EVENTS / 4, "while away");
  const back = clients
    .filter((_, index) => index % 2)
    .map((client) => client.read(open(stopping.signal, `${client.ids.at(-1)}`)));
  await write(EVENTS / 4, "afterwards");
  await heard(clients, EVENTS);
  const expected = clients[0]?.ids ?? [];
  expect(expected).toEqual([...new Set(expected)].sort((one, other) => one - other));
  for (const { ids } of clients) expect(ids).toEqual(expected);
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
  expect(grownMb).toBeLessThan(200);
  report("open pages", {
    clients: CLIENTS,
    events: EVENTS,
    "memory grown": `${grownMb.toFixed(0)} MB`,
  });
  stopping.abort();
  await Promise.all([...reading, ...back]);
  expect(openStreams().size).toBe(0);
}, 60_000);

const heard = (clients: Client[], count: number) =>
  expect
    .poll(() => clients.filter(({ ids }) => ids.length < count).length, { timeout: 20_000 })
    .toBe(0);

test("a page that does not read is let go", async () => {
  const slow = open(new AbortController().signal);
  const reader = slow.body?.getReader();
  await reader?.read();
  for (let round = 0; round < 140; round += 1) await write(8, `flood ${round}`);
  await expect.poll(() => openStreams().size, { timeout: 20_000 }).toBe(0);
  await reader?.cancel();
}, 60_000);
