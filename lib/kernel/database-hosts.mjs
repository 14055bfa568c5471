import pg from "pg";

/** Below the pool's limit, so that there is time to connect. */
const ASK_MS = 3_000;

/**
 * `postgresql://user@one:5432,two:5432/db` names several hosts; `pg` takes a single one.
 * @param {string} connectionString
 * @returns {string[]} a URL for each host
 */
export function urlPerHost(connectionString) {
  // As text: `new URL` refuses several hosts, and a password may have a comma.
  const [, start, hosts, rest] =
    /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(connectionString) ?? [];
  if (!hosts?.includes(",")) return [connectionString];
  return hosts.split(",").map((host) => `${start}${host}${rest}`);
}

/**
 * Asks all at once: one that is away costs no time. Of two that take writes the first to answer wins, so
 * the operator's cluster must keep an old primary away.
 * @param {string[]} urls
 * @param {import("pg").ClientConfig} config
 * @returns {Promise<{ url: string, host: string, port: number }>} the host that takes writes
 */
export async function findPrimary(urls, config) {
  try {
    return await Promise.any(urls.map((url) => askForPrimary(url, config)));
  } catch (all) {
    // A server's own words, such as a wrong password, say more than a host that is away.
    throw all.errors.find((error) => error instanceof pg.DatabaseError) ?? all.errors[0];
  }
}

async function askForPrimary(url, config) {
  const asking = { ...config, connectionString: url };
  const { rows, host, port } = await askOnce(
    asking,
    "SELECT pg_is_in_recovery() AS standby",
    ASK_MS,
  );
  if (!rows[0].standby) return { url, host, port };
  // PostgreSQL, appendix A: cannot connect now
  throw Object.assign(new Error("No host of DATABASE_URL takes writes."), { code: "57P03" });
}

/**
 * One question over a connection of its own, which is gone afterwards.
 * @param {import("pg").ClientConfig} config
 * @param {string | import("pg").QueryConfig} question
 * @param {number} limitMs for connection and answer
 */
export async function askOnce(config, question, limitMs) {
  const asking = new pg.Client({ ...config, connectionTimeoutMillis: limitMs });
  asking.on("error", () => {}); // its query fails
  const end = setTimeout(() => asking.connection.stream.destroy(), limitMs);
  try {
    await asking.connect();
    const { rows } = await asking.query(question);
    return { rows, host: asking.host, port: asking.port };
  } finally {
    clearTimeout(end);
    asking.connection.stream.destroy();
  }
}
