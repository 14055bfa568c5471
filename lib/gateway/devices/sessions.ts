import { setTimeout as sleep } from "node:timers/promises";
import { addTraffic, type FoundDevice, findStanding, type Standing } from "@/lib/devices/store";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { subscribe } from "@/lib/kernel/events/hub";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";

export const WAITS = {
  signInMs: 30 * SECOND_MS,
  placeMs: 20 * SECOND_MS,
  /** A silent SMTP session gives its place to one that waits. */
  idleMs: 10 * SECOND_MS,
  /** After this, a server has finished its answer. */
  quietMs: 4 * SECOND_MS,
  /** Spreads the logins of sessions that move to other gateways. */
  spreadMs: 2.5 * SECOND_MS,
} as const;
export type Waits = Readonly<Record<keyof typeof WAITS, number>>;

const MAX_OF_DEVICE = 20;
/** Fits the heap in scripts/installation.mjs. */
export const MAX_IN_PROCESS = 5_000;
const CHECK_EVERY_MS = 10 * SECOND_MS;
const LOOK_EVERY_MS = 50;

export type Session = {
  device: FoundDevice;
  protocol: Protocol;
  readonly quietMs: number;
  messages: number;
  isEnding: boolean;
  /** Whether the gateway may end it when it stops. */
  isIdle: (() => boolean) | undefined;
  sayBye: (() => void) | undefined;
  count(bytes: number): void;
  end(): void;
};

export class Sessions {
  readonly #open = new Set<OpenSession>();
  readonly #ofDevice = new Map<string, Set<OpenSession>>();
  #checking: Promise<void> | undefined;
  readonly #stale = new Set<string>();
  #isDraining = false;
  changes = 0;
  readonly #stop: () => void;
  readonly #waits: Waits;

  constructor(waits: Waits) {
    this.#waits = waits;
    // Changes of a device or account are events.
    const unsubscribe = subscribe((event) => {
      if (event === "resync" || event.notice.type === "email_account") void this.check();
      // Attempts are events too; unknown devices have no sessions.
      else if (event.notice.type === "device" && event.notice.id !== "")
        void this.checkDevice(event.notice.id);
    });
    // Time limits send no event, and a lost connection is noticed late.
    const timer = setInterval(() => {
      void this.check();
      for (const session of this.#open) session.saveTraffic();
    }, CHECK_EVERY_MS);
    this.#stop = () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get size(): number {
    return this.#open.size;
  }

  open(device: FoundDevice, protocol: Protocol, end: () => void): OpenSession | null {
    const ofDevice = this.#ofDevice.get(device.id) ?? new Set();
    if (this.#isDraining || this.#open.size >= MAX_IN_PROCESS || ofDevice.size >= MAX_OF_DEVICE)
      return null;
    const { quietMs } = this.#waits;
    const session = newSession({ device, protocol, quietMs, end }, () => {
      if (!this.#open.delete(session)) return;
      if (ofDevice.delete(session) && ofDevice.size === 0) this.#ofDevice.delete(device.id);
      session.saveTraffic();
    });
    this.#open.add(session);
    this.#ofDevice.set(device.id, ofDevice.add(session));
    return session;
  }

  check(): Promise<void> {
    return this.#check(this.#ofDevice.keys());
  }

  checkDevice(deviceId: string): Promise<void> {
    return this.#check([deviceId]);
  }

  #check(deviceIds: Iterable<string>): Promise<void> {
    this.changes += 1;
    for (const id of deviceIds) this.#stale.add(id);
    this.#checking ??= this.#checkStale().finally(() => {
      this.#checking = undefined;
      if (this.#stale.size > 0) void this.#check([]);
    });
    return this.#checking;
  }

  async #checkStale(): Promise<void> {
    while (this.#stale.size > 0) {
      // The answer does not cover sessions opened meanwhile.
      const asked = [...this.#stale].flatMap((id) => [...(this.#ofDevice.get(id) ?? [])]);
      this.#stale.clear();
      if (asked.length === 0) continue;
      const ids = [...new Set(asked.map(({ device }) => device.id))];
      const standing = await findStanding(ids).catch(() => null);
      if (!standing) return;
      for (const session of asked)
        if (!mayGoOn(session, standing.get(session.device.id))) session.end();
    }
  }

  /** Lets work end, cuts off the rest; idle sessions end one after the other. */
  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    this.#stop();
    const joined = new Set<Session>();
    for (const session of this.#open) {
      session.isEnding = true;
      if (session.isIdle) joined.add(session);
      else bid(session);
    }
    const [since, most] = [elapsed(), joined.size];
    while (this.#open.size > 0 && elapsed() - since < withinMs) {
      const share = Math.min(1, (elapsed() - since) / this.#waits.spreadMs);
      bidIdle(joined, most * (1 - share));
      await sleep(LOOK_EVERY_MS);
    }
    for (const session of this.#open) session.end();
  }
}

function bidIdle(joined: Set<Session>, left: number): void {
  for (const session of joined) {
    if (joined.size <= left) return;
    if (!session.isIdle?.()) continue;
    joined.delete(session);
    bid(session);
  }
}

function bid(session: Session): void {
  (session.sayBye ?? session.end)();
}

type OpenSession = Session & { saveTraffic(): void; close(): void };

function newSession(
  of: Pick<Session, "device" | "protocol" | "quietMs" | "end">,
  close: () => void,
): OpenSession {
  const saved = { messages: 0, bytes: 0 };
  let bytes = 0;
  const session: OpenSession = {
    ...of,
    close,
    messages: 0,
    isEnding: false,
    isIdle: undefined,
    sayBye: undefined,
    count: (more) => {
      bytes += more;
    },
    saveTraffic: () => {
      const more = { messages: session.messages - saved.messages, bytes: bytes - saved.bytes };
      if (more.bytes === 0 && more.messages === 0) return;
      Object.assign(saved, { messages: session.messages, bytes });
      void addTraffic({ id: of.device.id, ...more }).then(
        () => {
          countUp("postkey_device_messages_total", {}, more.messages);
          countUp("postkey_device_bytes_total", { protocol: of.protocol }, more.bytes);
        },
        (error: unknown) => {
          saved.messages -= more.messages;
          saved.bytes -= more.bytes;
          log.warn({ error, deviceId: of.device.id }, "the traffic of a device is not counted yet");
        },
      );
    },
  };
  return session;
}

function mayGoOn({ device, protocol }: Session, now: Standing | undefined): boolean {
  if (!now?.protocols.includes(protocol)) return false;
  const isSamePassword = now.passwordVersion === device.passwordVersion;
  return isSamePassword && now.signsInAs === device.signsInAs && now.limits === device.limits;
}
