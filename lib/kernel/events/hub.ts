import "server-only";
import { randomBytes } from "node:crypto";
import { SECOND_MS } from "@/lib/kernel/clock";
import { createConnection } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { readEvent, type StoredEvent } from "./queries";

type Listener = (event: StoredEvent | "resync") => void;

type Connection = ReturnType<typeof createConnection>;

type Hub = {
  listeners: Set<Listener>;
  client: Connection | undefined;
  isBehind: boolean;
  told: Promise<void>;
};

const CHANNEL = "postkey_events";
const RECONNECT_MS = 2 * SECOND_MS;
/** With the connection's own limit, a lost one is noticed within 16 s. */
const HEAR_ITSELF_EVERY_MS = 8 * SECOND_MS;

function hub(): Hub {
  return singleton<Hub>("event-hub", () => ({
    listeners: new Set(),
    client: undefined,
    isBehind: false,
    told: Promise.resolve(),
  }));
}

export function subscribe(listener: Listener): () => void {
  const { listeners } = hub();
  listeners.add(listener);
  void connect();
  return () => {
    listeners.delete(listener);
  };
}

async function connect(): Promise<void> {
  const state = hub();
  if (state.client || state.listeners.size === 0) return;
  const client = createConnection();
  state.client = client;
  client.on("notification", ({ channel, payload }) => {
    if (channel === CHANNEL) state.told = state.told.then(() => forward(payload ?? ""));
  });
  client.once("end", () => reconnectLater(client));
  try {
    await client.connect();
    await hearItself(client);
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    log.warn({ error }, "events cannot be heard");
    reconnectLater(client);
    await client.end().catch(() => {});
    return;
  }
  // Changes while pages load are heard again.
  if (state.isBehind) tell("resync");
  state.isBehind = false;
}

/** LISTEN carries no traffic, so a dead connection goes unnoticed unless it notifies itself. */
async function hearItself(client: Connection): Promise<void> {
  const channel = `postkey_self_${randomBytes(8).toString("hex")}`;
  let isHeard = true;
  client.on("notification", (heard) => {
    isHeard ||= heard.channel === channel;
  });
  await client.query(`LISTEN ${channel}`);
  const timer = setInterval(() => {
    if (!isHeard) return client.abandon();
    isHeard = false;
    client.query(`NOTIFY ${channel}`).catch(() => {}); // it ends, and is made again
  }, HEAR_ITSELF_EVERY_MS).unref();
  client.once("end", () => clearInterval(timer));
}

function reconnectLater(client: Connection): void {
  const state = hub();
  if (state.client !== client) return;
  state.client = undefined;
  state.isBehind = true;
  setTimeout(() => void connect(), RECONNECT_MS).unref();
}

async function forward(id: string): Promise<void> {
  try {
    const event = await readEvent(id);
    if (event) tell(event);
  } catch {
    tell("resync");
  }
}

function tell(event: StoredEvent | "resync"): void {
  for (const listener of hub().listeners) listener(event);
}
