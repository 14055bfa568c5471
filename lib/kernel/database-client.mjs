import { randomUUID } from "node:crypto";
import pg from "pg";

const CONNECT_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
const LOOKS_UNTIL_SILENT = 6;
const ASK_MS = 5_000;
/** Idle seconds after which the operating system finds out whether the other side is still there. */
const KEEP_ALIVE_S = 5;
/** The same on the server's side: a session that lost its client must not keep its locks for hours. */
const SERVER_KEEP_ALIVE = `-c tcp_keepalives_idle=${KEEP_ALIVE_S} -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3`;
/** PostgreSQL cuts names off after this, and the end of ours is what tells connections apart. */
const MAX_NAME = 63;

/**
 * A connection to PostgreSQL on which every wait has an end on this side too. A firewall that forgets a
 * connection sends neither FIN nor RST: the limits that the server keeps are of no use then, because
 * their end is not heard either.
 *
 * While something is under way and no byte moves for some seconds, the server is asked over another
 * connection whether it still works on it. If it does not, or cannot be asked, the socket is destroyed:
 * whatever waits fails with ETIMEDOUT, a pool lets the connection go, and `onSilent` is called.
 * Looks are counted and not seconds: no connection is cut off because this process stood still.
 *
 * `longestMs` is for statements that the server must not go on with for ever: the end comes then even if
 * it still works, as when it waits for a standby server that is gone.
 */
export class DatabaseClient extends pg.Client {
  #config;
  #lookEveryMs;
  #longestLooks;
  #onSilent;
  #timer;
  #looks = 0;
  #silentLooks = 0;
  #moved = 0;
  #isEnding = false;

  /**
   * @param {import("pg").ClientConfig & {
   *   longestMs?: number, lookEveryMs?: number, onSilent?: () => void,
   * }} config
   */
  constructor({
    longestMs = Number.POSITIVE_INFINITY,
    lookEveryMs = LOOK_EVERY_MS,
    onSilent,
    ...config
  } = {}) {
    super({
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_S * 1_000,
      ...config,
    });
    // Beside those of the address, which would take the place of others.
    const { options } = this.connectionParameters;
    this.connectionParameters.options = `${SERVER_KEEP_ALIVE} ${options ?? ""}`.trim();
    this.#config = config;
    this.#lookEveryMs = lookEveryMs;
    this.#longestLooks = longestMs / lookEveryMs;
    this.#onSilent = onSilent;
    this.connectionParameters.application_name = uniqueName(this.connectionParameters);
    this.on("drain", () => this.#stopLooking());
    this.once("end", () => this.#stopLooking());
  }

  query(...args) {
    this.#startLooking();
    return super.query(...args);
  }

  end(...args) {
    this.#isEnding = true;
    this.#startLooking();
    return super.end(...args);
  }

  /** Ends the connection at once, without a word to a server that would not hear it. */
  abandon() {
    const { stream } = this.connection;
    this.#stopLooking();
    if (stream.destroyed) return;
    // An error on a connection that is about to end anyway would have no handler.
    stream.destroy(this.#isEnding ? undefined : wentSilent());
    this.#onSilent?.();
  }

  #startLooking() {
    if (this.#timer) return;
    this.#looks = 0;
    this.#silentLooks = 0;
    this.#timer = setInterval(() => void this.#look(), this.#lookEveryMs).unref();
  }

  #stopLooking() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look() {
    const { stream } = this.connection;
    if (stream.destroyed) return this.#stopLooking();
    this.#looks += 1;
    const moved = bytesMoved(stream);
    // What lies here unread waits for us, and not for the server.
    const isMoving = moved !== this.#moved || stream.readableLength > 0;
    this.#moved = moved;
    this.#silentLooks = isMoving ? 0 : this.#silentLooks + 1;
    if (this.#silentLooks === LOOKS_UNTIL_SILENT) await this.#doubt();
  }

  async #doubt() {
    const timer = this.#timer;
    const isWorking = this.#looks < this.#longestLooks && (await this.#isServerWorking());
    // It answered meanwhile, and what is under way now is something else.
    if (this.#timer !== timer) return;
    this.#silentLooks = 0;
    if (isWorking) return;
    this.abandon();
  }

  async #isServerWorking() {
    const asking = new pg.Client({ ...this.#config, connectionTimeoutMillis: ASK_MS });
    asking.on("error", () => {}); // its query fails
    const end = setTimeout(() => asking.connection.stream.destroy(), ASK_MS);
    try {
      await asking.connect();
      const { rowCount } = await asking.query(IS_WORKING, [
        this.connectionParameters.application_name,
      ]);
      return rowCount > 0;
    } catch (error) {
      // A server that answers, but admits no other connection, is not silent.
      return error instanceof pg.DatabaseError;
    } finally {
      clearTimeout(end);
      asking.connection.stream.destroy();
    }
  }
}

/** One that waits for its client has nothing to work on: what either of the two sent was lost. */
const IS_WORKING = `SELECT 1 FROM pg_stat_activity
  WHERE application_name = $1 AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`;

/** By its name the server knows the connection also behind a pooler, which makes process ids up. */
function uniqueName({ application_name: name = "postkey" }) {
  const id = randomUUID();
  return `${name.slice(0, MAX_NAME - id.length - 1)} ${id}`;
}

function bytesMoved({ bytesRead, bytesWritten, writableLength }) {
  return bytesRead + bytesWritten - writableLength;
}

function wentSilent() {
  const error = new Error("The connection to the database went silent.");
  return Object.assign(error, { code: "ETIMEDOUT" });
}
