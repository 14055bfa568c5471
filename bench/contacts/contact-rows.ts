import { encodeCursor } from "@/lib/kernel/paging/schema";
import { call, keepAlive } from "../http-client";
import { createDatabase, createGroup, type Database, query } from "../installation";
import { signIn } from "../session";
import { atMost } from "../short-run";
import { median, percentile } from "../statistics";
import { type Result, row } from "../table";

const CONTACTS = atMost(100_000, 2_000);
const WARM_UP = atMost(40, 1);
const REQUESTS = atMost(100, 3);
const TARGET_MS = 60;
const IMPORTED = atMost(20_000, 100);
const IMPORT_TARGET_S = 20;

/** Pages of a hundred thousand contacts, and a file that is imported beside them. */
export async function measureContacts(database: Database): Promise<Result> {
  const group = createGroup();
  const agent = keepAlive(1);
  try {
    const databaseUrl = await createDatabase(database, "contacts");
    await seed(databaseUrl);
    await group.beat(databaseUrl);
    const web = await group.web(databaseUrl);
    const cookie = await signIn(web.url);
    const lists = await query<{ id: string; size: string }>(
      databaseUrl,
      `SELECT id, "nameKey" AS size FROM "ContactList"`,
    );
    const list = (size: string) => `/contacts/${lists.find((each) => each.size === size)?.id}`;
    const [middle] = await query<{ emailKey: string; id: string }>(
      databaseUrl,
      `SELECT "emailKey", id FROM "Contact" ORDER BY "emailKey" LIMIT 1 OFFSET ${CONTACTS / 2}`,
    );
    const after = encodeCursor([middle?.emailKey ?? "", middle?.id ?? ""]);
    const views = {
      "first page": "/contacts/all",
      "deep page": `/contacts/all?after=${after}`,
      "by last seen": "/contacts/all?sort=lastSeen&direction=desc",
      search: "/contacts/all?search=needle",
      "a list of 90,000 by name": `${list("large")}?sort=name`,
      "a list of 100 by first seen": `${list("small")}?sort=firstSeen&direction=desc`,
      "the lists with their counts": "/contacts",
    };
    const rows = [];
    for (const [view, path] of Object.entries(views)) {
      const times: number[] = [];
      for (let position = 0; position < WARM_UP + REQUESTS; position += 1) {
        const startedAt = performance.now();
        await call({ url: `${web.url}${path}`, headers: { cookie, accept: "text/html" }, agent });
        if (position >= WARM_UP) times.push(performance.now() - startedAt);
      }
      const p95 = percentile(times, 0.95);
      rows.push(
        row(
          `100,000 contacts, ${view}: server time p95`,
          `${p95.toFixed(1)} ms (p50 ${median(times).toFixed(1)} ms)`,
          { text: `<= ${TARGET_MS} ms`, isReached: p95 <= TARGET_MS },
        ),
      );
    }
    const seconds = await importFile(`${web.url}/api/contacts/import`, {
      cookie,
      list: list("small"),
    });
    rows.push(
      row(
        `a file of ${IMPORTED.toLocaleString("en")} lines, imported beside them`,
        `${seconds.toFixed(1)} s`,
        {
          text: `<= ${IMPORT_TARGET_S} s`,
          isReached: seconds <= IMPORT_TARGET_S,
        },
      ),
    );
    return { rows };
  } finally {
    agent.destroy();
    await group.stop();
  }
}

type Import = { cookie: string; list: string };

async function importFile(url: string, { cookie, list }: Import): Promise<number> {
  const lines = Array.from(
    { length: IMPORTED },
    (_, line) => `i${line}@import.example,Name ${line}`,
  );
  const query = new URLSearchParams({
    contactListId: list.split("/").at(-1) ?? "",
    dryRun: "false",
  });
  const startedAt = performance.now();
  const { origin } = new URL(url);
  const response = await fetch(`${url}?${query}`, {
    method: "POST",
    headers: { cookie, origin },
    body: ["email,name", ...lines].join("\n"),
  });
  const report = await response.text();
  if (!report.includes(`"new":${IMPORTED}`)) throw new Error(report.slice(0, 200));
  return (performance.now() - startedAt) / 1_000;
}

/** Names and times in no order, so that neighbours in a list are none on disk. */
async function seed(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `INSERT INTO "ContactList" (id, name, "nameKey")
     SELECT gen_random_uuid(), initcap(n), n FROM unnest(ARRAY['large', 'other', 'small']) n`,
  );
  await query(
    databaseUrl,
    `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name, "createdAt", "firstSeenAt", "lastSeenAt")
     SELECT gen_random_uuid(), l.id, email, email,
       CASE WHEN n % 3 = 0 THEN '' ELSE substr(md5(n::text), 1, 8) || ' Miller' END
         || CASE WHEN n <= 60 THEN ' needle' ELSE '' END,
       now(), now() - (n::bigint * 7919 % $1) * interval '5 minutes',
       CASE WHEN n % 4 > 0 THEN now() - (n::bigint * 104729 % $1) * interval '1 minute' END
     FROM (SELECT n, substr(md5('x' || n), 1, 10) || '@customer.example' AS email,
         CASE WHEN n <= 100 THEN 'small' WHEN n <= $1 / 10 THEN 'other' ELSE 'large' END AS list
       FROM generate_series(1, $1::int) n) c
     JOIN "ContactList" l ON l."nameKey" = c.list`,
    [CONTACTS],
  );
  await query(databaseUrl, "VACUUM (ANALYZE)");
}
