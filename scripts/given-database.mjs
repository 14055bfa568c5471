import { readFileSync } from "node:fs";
import { DatabaseClient } from "../lib/kernel/database-client.mjs";

/** @returns {string | undefined} the operator's database; without one the embedded is used */
export function givenDatabase() {
  const { DATABASE_URL, DATABASE_URL_FILE: file } = process.env;
  if (DATABASE_URL || !file) return DATABASE_URL;
  try {
    const url = readFileSync(file, "utf8").trim();
    // Not the embedded database: that would be another installation.
    if (!url) throw new Error("it is empty");
    return url;
  } catch (error) {
    throw new Error(`DATABASE_URL_FILE names no file with a URL (${error.message}).`, {
      cause: error,
    });
  }
}

export function clientOf(connectionString, limits = {}) {
  const client = new DatabaseClient({ connectionString, ...limits });
  client.on("error", () => {}); // a lost connection fails the query that waits for it
  return client;
}

/**
 * A pooler may give each statement another session, which would lose LISTEN and keep locks, and may leave out
 * what a client asks for when it connects.
 * @throws if this database has no session for each client
 */
export async function requireSessions(url) {
  const clients = [0, 1].map(() => clientOf(url, { statement_timeout: 10_000 }));
  try {
    for (const client of clients) await client.connect();
    const pids = [];
    // A pooler gives a free session to the next who asks.
    for (const turn of [0, 1, 1, 0]) {
      const { rows } = await clients[turn].query(
        "SELECT pg_backend_pid() AS pid, current_setting('statement_timeout') AS limit",
      );
      pids.push(rows[0].pid);
      if (rows[0].limit === "0")
        throw new Error(
          "the pooler leaves out statement_timeout: set the limits with ALTER ROLE, as docs/deploy.md says",
        );
    }
    const [one, two, twoAgain, oneAgain] = pids;
    if (one === two || one !== oneAgain || two !== twoAgain)
      throw new Error("the pooler is not in session mode: set pool_mode = session");
  } finally {
    for (const client of clients) await client.end().catch(() => {});
  }
}
