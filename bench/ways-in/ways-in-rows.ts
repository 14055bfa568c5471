import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCertificates } from "@/e2e/sandbox/certificates";
import {
  ADMINISTRATOR,
  createDatabase,
  createGroup,
  type Database,
  environmentOf,
  runTool,
} from "../installation";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { type Result, type Row, row } from "../table";
import type { WaysInOrder, WaysInTimes } from "./visits";

const TURNS = atMost(20, 2);
const TARGET_MS = 1_000;

const WAYS = {
  password: "sign-in with a password, beside the hash's own time",
  passkey: "sign-in with a passkey",
  company: "sign-in at a company, its own pages included",
} as const;

/** How long each way in takes, from the first request to the session. */
export async function measureWaysIn(database: Database): Promise<Result> {
  const group = createGroup();
  const stateDir = mkdtempSync(join(tmpdir(), "postkey-company-"));
  try {
    const databaseUrl = await createDatabase(database, "ways_in");
    const { caFile } = loadCertificates(stateDir);
    const extra = { POSTKEY_CA_FILE: caFile, POSTKEY_PRIVATE_HOSTS: "localhost" };
    const { url } = await group.web(databaseUrl, { extra });
    const env = environmentOf(databaseUrl, url, extra);
    const order: WaysInOrder = { url, stateDir, ...ADMINISTRATOR, turns: TURNS };
    const times = await runTool<WaysInTimes>("bench-ways-in", { env, order });
    return { rows: rowsOf(times) };
  } finally {
    await group.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function rowsOf({ hash, ...times }: WaysInTimes): Row[] {
  const hashMs = median(hash);
  return (["password", "passkey", "company"] as const).map((way) => {
    const own = way === "password" ? hashMs : 0;
    const p50 = median(times[way]) - own;
    const beside = [`p95 ${Math.round(percentile(times[way], 0.95) - own)} ms`];
    if (own > 0) beside.push(`the hash ${Math.round(own)} ms`);
    return row(`${WAYS[way]}: p50`, `${Math.round(p50)} ms (${beside.join("; ")})`, {
      text: `<= ${TARGET_MS / 1_000} s`,
      isReached: p50 <= TARGET_MS,
    });
  });
}
