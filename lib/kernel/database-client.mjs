import { randomUUID } from "node:crypto";
import pg from "pg";
import { askOnce, findPrimary, urlPerHost } from "./database-hosts.mjs";

const CONNECT_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
const LOOKS_UNTIL_SILENT = 6;
const ASK_MS = 5_000;
const KEEP_ALIVE_S = 5;
/** PostgreSQL, appendix A */
const READ_ONLY = "25006";
/** A session without its client must not hold locks for hours. */
const SERVER_KEEP_ALIVE = `-c tcp_keepalives_idle=${KEEP_ALIVE_S} -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3`;
/** PostgreSQL cuts longer names, and the end of ours identifies the connection. */
const MAX_NAME = 63;

/**
 * Every wait ends on this side too: a firewall that drops a connection sends neither FIN nor RST.
 * When no byte moves for some seconds, a second connection asks the server whether it still works
 * on the statement; if not, the socket is destroyed and waiters fail with ETIMEDOUT. Looks are
 * counted, not seconds: a paused process cuts off nothing. `longestMs` ends a statement even while
 * the server works on it, as when its standby is gone. Of several hosts it connects to the one that
 * takes writes.
 */
export class DatabaseClient extends pg.Client {
  #config;
  #urls;
  #lookEveryMs;
  #longestLooks;
  #onSilent;
  #timer;
  #looks = 0;
  #silentLooks = 0;
  #moved = 0;
  #isEnding = false;
  /** Its server became a standby, or was one. */
  isReadOnly = false;

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
    const urls = urlPerHost(config.connectionString ?? "");
    super({
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_S * 1_000,
      ...config,
      connectionString: urls[0],
    });
    // Added to the options in the URL, which would replace them.
    const { options } = this.connectionParameters;
    this.connectionParameters.options = `${SERVER_KEEP_ALIVE} ${options ?? ""}`.trim();
    this.#config = config;
    this.#urls = urls;
    this.#lookEveryMs = lookEveryMs;
    this.#longestLooks = longestMs / lookEveryMs;
    this.#onSilent = onSilent;
    this.connectionParameters.application_name = uniqueName(this.connectionParameters);
    this.on("drain", () => this.#stopLooking());
    this.once("end", () => this.#stopLooking());
    this.connection.on("errorMessage", ({ code }) => {
      this.isReadOnly ||= code === READ_ONLY;
    });
  }

  /** @returns {any} as `pg` does, with a callback or without */
  connect(callback) {
    if (this.#urls.length === 1) return super.connect(callback);
    const connected = this.#choose().then(() => super.connect());
    return callback ? void connected.then(() => callback(null), callback) : connected;
  }

  async #choose() {
    const { url, host, port } = await findPrimary(this.#urls, this.#config);
    if (this.#isEnding || this.connection.stream.destroyed)
      throw new Error("Connection terminated before it was made");
    this.#config = { ...this.#config, connectionString: url };
    Object.assign(this, { host, port });
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

  abandon() {
    const { stream } = this.connection;
    this.#stopLooking();
    if (stream.destroyed) return;
    // While ending, an error would have no handler.
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
    // Unread bytes wait for us, not for the server.
    const isMoving = moved !== this.#moved || stream.readableLength > 0;
    this.#moved = moved;
    this.#silentLooks = isMoving ? 0 : this.#silentLooks + 1;
    if (this.#silentLooks === LOOKS_UNTIL_SILENT) await this.#doubt();
  }

  async #doubt() {
    const timer = this.#timer;
    const isWorking = this.#looks < this.#longestLooks && (await this.#isServerWorking());
    // It has answered; another statement is running.
    if (this.#timer !== timer) return;
    this.#silentLooks = 0;
    if (isWorking) return;
    this.abandon();
  }

  async #isServerWorking() {
    const values = [this.connectionParameters.application_name];
    try {
      const { rows } = await askOnce(this.#config, { text: IS_WORKING, values }, ASK_MS);
      return rows.length > 0;
    } catch (error) {
      // A server that answers but admits no connection is not silent.
      return error instanceof pg.DatabaseError;
    }
  }
}

/** A session that waits for its client works on nothing: a message was lost. */
const IS_WORKING = `SELECT 1 FROM pg_stat_activity
  WHERE application_name = $1 AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'`;

/** Behind a pooler process ids are made up; the name is not. */
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
