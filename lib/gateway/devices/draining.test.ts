import { beforeAll, expect, test } from "vitest";
import { dialogue } from "@/e2e/servers/scripted-server";
import { listenerOf, logIn } from "@/lib/testing/device-gateway";
import { withScriptedMailServer } from "@/lib/testing/scripted-mail-server";
import { startDeviceListeners } from "./listeners";
import type { Waits } from "./sessions";

/** A gateway that stops: what is under way at an account's server ends first, and idle clients are told. */
const FIRST = "Subject: Long\r\n\r\nThe first half.";
const createDevice = withScriptedMailServer({
  imap: dialogue("* OK Ready.", [
    [/ LOGIN /, "{tag} OK [CAPABILITY IMAP4rev1] In."],
    [/ FETCH /, (socket) => socket.write(`* 1 FETCH (BODY[] {${FIRST.length + 9}}\r\n${FIRST}`)],
    [/ NOOP$/, "\r\nsecond.)\r\nc OK Done.\r\n{tag} OK Done."],
  ]),
  pop3: dialogue("+OK Ready.", [
    [/^USER/, "+OK"],
    [/^PASS/, "+OK In."],
    [/^RETR 1/, `+OK Here it is.\r\n${FIRST}`],
    [/^RETR 2/, (socket) => socket.write(`+OK Here it is.\r\n${FIRST}`)],
    [/^QUIT/, "\r\n.\r\n+OK Bye."],
  ]),
});
let password: string;

beforeAll(async () => {
  password = await createDevice({ name: "Fetcher", protocols: ["imap", "pop3"] });
});

async function start(waits: Partial<Waits> = {}) {
  const quick = { quietMs: 50, spreadMs: 50, ...waits };
  const listeners = [listenerOf("imap"), listenerOf("pop3")];
  const { ports, stop } = await startDeviceListeners(listeners, quick);
  const [imap = 0, pop3 = 0] = ports;
  return {
    imap: () => logIn(imap, "imap", { password }),
    pop3: () => logIn(pop3, "pop3", { password }),
    stop,
  };
}

test.each([
  ["imap", "c FETCH 1 BODY[]", "d NOOP", /^\r\nsecond\.\)\r\nc OK [^*]*\* BYE \[UNAVAILABLE\]/],
  ["pop3", "RETR 2", "QUIT", /^\r\n\.\r\n\+OK Bye/],
] as const)(
  "%s: a message ends that stands still, with what is asked behind it",
  async (...row) => {
    const [protocol, fetches, next, heard] = row;
    const gateway = await start();
    const [fetching, idle] = [await gateway[protocol](), await gateway.imap()];
    await fetching.ask(fetches, /first half\./);
    const stopped = gateway.stop();
    // Another is not waited for, although it is as quiet.
    expect(await idle.closed()).toMatch(/^\* BYE \[UNAVAILABLE\] /);
    fetching.write(`${next}\r\n`);
    expect(await fetching.closed()).toMatch(heard);
    await stopped;
  },
);

test("no line of the gateway gets into a message of POP3 that stands still at the end of a line", async () => {
  const { pop3, stop } = await start();
  const wire = await pop3();
  await wire.ask("RETR 1", /first half\.\r\n/);
  await stop();
  expect(await wire.closed()).toBe("");
});

test("idle clients end one after the other", async () => {
  const { imap, stop } = await start({ quietMs: 0, spreadMs: 60_000 });
  const wires = [await imap(), await imap(), await imap()];
  const areOpen = () => wires.filter(({ isClosed }) => !isClosed).length;
  const stopped = stop();
  await expect.poll(areOpen).toBe(2);
  for (const { socket } of wires) socket.destroy();
  await stopped;
});
