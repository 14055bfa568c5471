import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { ADMINISTRATOR } from "../installation";
import { startArrivals } from "./arrivals";
import { ATTACKS, startAttack } from "./attacks";
import { attackRow, visitRow } from "./rows";
import { visit } from "./visits";

/** What a server of next-auth is to who signs in: it writes down what came, and answers what a test wants. */
type Came = { address: unknown; cookie: unknown; form: Record<string, string> };
let came: Came[];
let answer: (request: Came) => { status: number; headers?: Record<string, string> };
let server: { port: number; close: () => Promise<void> };
let url: string;

async function respond(request: IncomingMessage, reply: ServerResponse) {
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  if (request.url === "/api/auth/csrf") {
    reply.writeHead(200, { "set-cookie": "csrf=theirs; Path=/; HttpOnly" });
    return reply.end(JSON.stringify({ csrfToken: "of-the-form" }));
  }
  const { cookie, "x-forwarded-for": address } = request.headers;
  const seen = { address, cookie, form };
  came.push(seen);
  const { status, headers } = answer(seen);
  return reply.writeHead(status, headers).end("{}");
}

beforeAll(async () => {
  server = await listenOnLoopback(() => createServer(respond), {});
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  came = [];
  answer = () => ({ status: 401 });
});

test("they come by the clock, however long those before wait for an answer", async () => {
  const gates: (() => void)[] = [];
  const arrivals = startArrivals(200, async () => {
    await new Promise<void>((open) => gates.push(open));
    return "401";
  });
  await expect.poll(() => gates.length).toBeGreaterThan(40);
  const stopped = arrivals.stop();
  for (const open of gates) open();
  const { arrived, answeredMeanwhile, seconds, answers } = await stopped;
  expect(arrived).toBe(Math.floor(seconds * 200));
  expect(answers).toEqual({ "401": arrived });
  expect(answeredMeanwhile).toBe(0);
  expect(await arrivals.stop()).toEqual(await stopped);
});

test("one that gets no answer is counted as such, and does not end the attack", async () => {
  const arrivals = startArrivals(200, (index) =>
    index % 2 === 0 ? Promise.reject(new Error("reset")) : Promise.resolve("429"),
  );
  await sleep(100);
  const { arrived, answers } = await arrivals.stop();
  expect(answers.none).toBe(Math.ceil(arrived / 2));
  expect(answers["429"]).toBe(Math.floor(arrived / 2));
});

test.each(ATTACKS)("an attack from $from sends forms that are looked at", async (attack) => {
  const { stop } = await startAttack(url, { attack, perSecond: 200 });
  await expect.poll(() => came.length).toBeGreaterThan(3);
  const { arrived, answers } = await stop();
  expect(answers).toEqual({ "401": arrived });
  for (const { cookie, form } of came) {
    expect(cookie).toBe("csrf=theirs");
    expect(form).toMatchObject({
      csrfToken: "of-the-form",
      password: expect.stringMatching(/^wrong-/),
    });
  }
  const sent = came.map(({ address, form }) => [address, form.email]);
  const meant = Array.from({ length: arrived }, (_, at) => [attack.address(at), attack.email(at)]);
  expect(sent.sort()).toEqual(meant.sort());
});

test("addresses are one or as many as there are tries, and never hers", () => {
  const addresses = ATTACKS.map(
    ({ address }) => new Set(Array.from({ length: 65_536 }, (_, at) => address(at))),
  );
  expect(addresses.map(({ size }) => size)).toEqual([1, 65_536, 65_536]);
});

const patience = { visits: 2, giveUpMs: 5_000, withinMs: 5_000 };
const session = { "set-cookie": "postkey.session=s; Path=/" };

test("who signs in shows where she is and what her browser kept", async () => {
  answer = () => ({ status: 200, headers: session });
  const browser = { url, address: "203.0.113.5", device: "postkey.device=d" };
  expect(await visit(browser, patience)).toMatchObject([{ isIn: true }, { isIn: true }]);
  expect(came[0]).toMatchObject({
    address: "203.0.113.5",
    cookie: "csrf=theirs; postkey.device=d",
    form: ADMINISTRATOR,
  });
});

test("who is told to wait comes back then, and the whole time counts", async () => {
  answer = () =>
    came.length === 1
      ? { status: 429, headers: { "retry-after": "1" } }
      : { status: 200, headers: session };
  const [first, second] = await visit({ url }, patience);
  expect(first).toMatchObject({ isIn: true, refusals: 1 });
  expect(first?.ms).toBeGreaterThan(990);
  expect(second).toMatchObject({ isIn: true, refusals: 0 });
});

test("who is kept out gives up, and counts with the time until then", async () => {
  answer = () => ({ status: 429, headers: { "retry-after": "15" } });
  const visits = await visit({ url }, patience);
  expect(visits).toEqual(Array(2).fill({ ms: 5_000, isIn: false, refusals: 1 }));
});

test("a password that is refused is a fault of the measurement, and no figure", async () => {
  await expect(visit({ url }, patience)).rejects.toThrow("could not sign in (401)");
});

const visits = (...times: number[]) => times.map((ms) => ({ ms, isIn: true, refusals: 0 }));

test.each([
  {
    attacked: visits(400, 780),
    measured: "1.95 x idle (780 ms of 400 ms; p50 780 ms of 400 ms)",
    reached: "yes",
  },
  {
    attacked: visits(400, 800),
    measured: "2.00 x idle (800 ms of 400 ms; p50 800 ms of 400 ms)",
    reached: "no",
  },
])("an attack is borne below twice the time: $measured", ({ attacked, measured, reached }) => {
  const found = visitRow("sign-in", { idle: visits(300, 400), attacked });
  expect(found).toMatchObject({ measured, reached });
});

test("one who gave up misses the target, however little she waited", () => {
  const attacked = [...visits(400), { ms: 420, isIn: false, refusals: 1 }];
  const { measured, reached } = visitRow("sign-in", { idle: visits(300, 400), attacked });
  expect(measured).toMatch(/^> 1\.05 x idle .*; 1 of 2 told to wait; 1 gave up\)$/);
  expect(reached).toBe("no");
});

const whole = { "401": 20, "429": 1_980 };

test.each([
  ["whole", whole, "yes"],
  ["partly unanswered", { ...whole, "429": 1_979, none: 1 }, "no"],
  ["answered with errors", { ...whole, "429": 1_979, "500": 1 }, "no"],
])("an attack that is %s", (_what, answers, reached) => {
  const tallies = [{ answers, arrived: 2_000, answeredMeanwhile: 1_982, seconds: 10 }];
  expect(attackRow("attack", { tallies, perSecond: 200 }).reached).toBe(reached);
});

test("an attack that was answered more slowly than it came proves nothing", () => {
  const tallies = [{ answers: whole, arrived: 2_000, answeredMeanwhile: 1_500, seconds: 10 }];
  const { measured, reached } = attackRow("attack", { tallies, perSecond: 200 });
  expect(measured).toBe("2,000 of 2,000 (20 and 1,980), 150.0 /s");
  expect(reached).toBe("no");
});
