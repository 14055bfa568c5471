import pg from "pg";

/** Below the pool's limit, so that there is time to connect. */
const ASK_MS = 3_000;

/** Of `postgresql://one:5432,two:5432/db`: `pg` takes one host, and `new URL` refuses several. */
export function urlPerHost(connectionString) {
  const [, start, hosts = "", rest] =
    /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(connectionString) ?? [];
  const all = hosts.split(",");
  return all.length > 1 ? all.map((host) => `${start}${host}${rest}`) : [connectionString];
}

/**
 * Asks all at once: one that is away costs no time. Of two that take writes the first to answer wins, so
 * the operator's cluster must keep an old primary away.
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
  const question = "SELECT pg_is_in_recovery() AS standby";
  const { rows, host, port } = await askOnce(
    { ...config, connectionString: url },
    question,
    ASK_MS,
  );
  if (!rows[0].standby) return { url, host, port };
  // PostgreSQL, appendix A: cannot connect now
  throw Object.assign(new Error("No host of DATABASE_URL takes writes."), { code: "57P03" });
}

/** Over a connection of its own, which is gone afterwards. */
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
