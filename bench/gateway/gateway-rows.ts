import type { Database } from "../installation";
import { atMost } from "../short-run";
import type { Result, Row } from "../table";
import { measureBytes, measureMessages } from "./byte-rows";
import { type GatewayBench, startGatewayBench } from "./gateway-bench";
import { measureGuessing } from "./guessing-rows";
import { measureLogins } from "./login-rows";
import { measureIdle, measureRevoke } from "./session-rows";

const NOTES = [
  "email-oauth2-proxy is not run here: its 5.5 logins/s are of another measurement on two cores.",
];

/** Revoke comes last: its devices are gone afterwards. */
const MEASURES: readonly ((bench: GatewayBench) => Promise<Row[]>)[] = [
  measureLogins,
  measureBytes,
  measureMessages,
  measureGuessing,
  measureIdle,
  measureRevoke,
];

/** The gateway for devices, beside a splice that only joins two TLS connections. */
export async function measureGateway(database: Database): Promise<Result> {
  const bench = await startGatewayBench(database, {
    name: "gateway",
    mailboxes: atMost(500, 40),
  });
  try {
    const rows: Row[] = [];
    for (const measure of MEASURES) rows.push(...(await measure(bench)));
    return { rows, notes: NOTES };
  } finally {
    await bench.stop();
  }
}
