import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";
import { distantEndpoints, FAR, type MailBench } from "./mailboxes";
import { testStep } from "./product-test";

const TESTS = atMost(9, 1);
const TOTAL_TARGET = 1.05;

const PROTOCOLS = ["imap", "smtp", "pop3"] as const;
type Protocol = (typeof PROTOCOLS)[number];
type RoundTrips = Record<Protocol, number>;

/** One test at a time, with every server 60 ms away. */
export async function measureRoundTrips(bench: MailBench): Promise<Row[]> {
  const ours: { totalMs: number; slowestMs: number; roundTrips: RoundTrips }[] = [];
  const theirs: RoundTrips[] = [];
  await testFromAfar(bench); // a first one, to warm up
  for (let test = 0; test < TESTS; test += 1) {
    ours.push(await testFromAfar(bench));
    theirs.push(await floorFromAfar(bench));
  }
  const totalMs = median(ours.map((test) => test.totalMs));
  const ratio = median(ours.map((test) => test.totalMs / test.slowestMs));
  const counts = PROTOCOLS.map((protocol) => ({
    protocol,
    mine: median(ours.map(({ roundTrips }) => roundTrips[protocol])),
    floor: median(theirs.map((roundTrips) => roundTrips[protocol])),
  }));
  const text = counts.map(({ protocol, mine, floor }) => `${protocol} ${mine} of ${floor}`);
  return [
    row(
      "one test, 60 ms round trips: total",
      `${ratio.toFixed(3)} x the slowest protocol (${Math.round(totalMs)} ms)`,
      {
        text: `<= ${TOTAL_TARGET} x`,
        isReached: ratio <= TOTAL_TARGET,
      },
    ),
    row("one test: round trips beside the floor's", text.join(", "), {
      text: "no more",
      isReached: counts.every(({ mine, floor }) => mine <= floor),
    }),
  ];
}

async function testFromAfar(bench: MailBench) {
  const roundTrips: RoundTrips = { imap: 0, smtp: 0, pop3: 0 };
  let slowestMs = 0;
  const startedAt = performance.now();
  await testStep(bench, {
    id: bench.accounts[FAR]?.[0] ?? "",
    onEvent: (event) => {
      if (event.type === "finished" && event.verdict !== "ok")
        throw new Error("A connection test did not pass.");
      if (event.type !== "protocol") return;
      const { protocol, totalMs } = event.report;
      roundTrips[protocol] = bench.proxies[protocol].roundTrips();
      slowestMs = Math.max(slowestMs, totalMs);
    },
  });
  return { totalMs: performance.now() - startedAt, slowestMs, roundTrips };
}

async function floorFromAfar(bench: MailBench): Promise<RoundTrips> {
  const roundTrips: RoundTrips = { imap: 0, smtp: 0, pop3: 0 };
  await bench.floor.one(distantEndpoints(bench), (protocol) => {
    roundTrips[protocol] = bench.proxies[protocol].roundTrips();
  });
  return roundTrips;
}
