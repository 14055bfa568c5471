import "server-only";
import { SECOND_MS } from "@/lib/clock";
import { createListener } from "@/lib/db";
import { log } from "@/lib/log";
import { singleton } from "@/lib/singleton";
import { readEvent, type StoredEvent } from "./queries";

type Listener = (event: StoredEvent | "resync") => void;

type Connection = ReturnType<typeof createListener>;

type Hub = {
  listeners: Set<Listener>;
  client: Connection | undefined;
  /** Resolves when everything that was heard was told. */
  told: Promise<void>;
};

const RECONNECT_MS = 2 * SECOND_MS;

function hub(): Hub {
  return singleton<Hub>("event-hub", () => ({
    listeners: new Set(),
    client: undefined,
    told: Promise.resolve(),
  }));
}

/**
 * Hears every event of the installation from now on, through one connection per process. After a
 * lost connection listeners are told to load everything again: what was missed is not known.
 *
 * @returns what ends it
 */
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
  const client = createListener();
  state.client = client;
  client.on("notification", ({ payload }) => {
    // One after the other: they are told in the order in which they were heard.
    state.told = state.told.then(() => forward(payload ?? ""));
  });
  client.on("error", () => {});
  client.once("end", () => reconnectLater(client));
  try {
    await client.connect();
    await client.query("LISTEN postkey_events");
  } catch (error) {
    log.warn({ error }, "events cannot be heard");
    await client.end().catch(() => {});
    reconnectLater(client);
  }
}

function reconnectLater(client: Connection): void {
  const state = hub();
  if (state.client !== client) return;
  state.client = undefined;
  setTimeout(() => {
    void connect();
    tell("resync");
  }, RECONNECT_MS).unref();
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
