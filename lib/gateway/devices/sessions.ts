import { setTimeout as sleep } from "node:timers/promises";
import {
  addTraffic,
  type FoundDevice,
  findStanding,
  type Standing,
} from "@/lib/access/devices/store";
import type { Protocol } from "@/lib/egress/schema";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { subscribe } from "@/lib/kernel/events/hub";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import type { Waits } from "./waits";

const MAX_OF_DEVICE = 20;
/** The heap that a gateway is started with has room for them: scripts/installation.mjs. */
export const MAX_IN_PROCESS = 5_000;
const CHECK_EVERY_MS = 10 * SECOND_MS;
const LOOK_EVERY_MS = 50;

/** A device that has logged in, or is about to, until its connection ends. */
export type Session = {
  device: FoundDevice;
  protocol: Protocol;
  /** How long its server says nothing where it is not in the middle of an answer. */
  readonly quietMs: number;
  messages: number;
  /** A message is under way, which is not cut off when the gateway stops. */
  isBusy: boolean;
  /** It is to end as soon as it can. */
  isEnding: boolean;
  /** Of one that is joined byte for byte: whether it is between two commands. */
  isIdle: (() => boolean) | undefined;
  /** Ends it in the words of its protocol, where it has some. */
  sayBye: (() => void) | undefined;
  count(bytes: number): void;
  /** Cuts it off. */
  end(): void;
};

/** The sessions of a gateway, which end with the right to them. */
export class Sessions {
  readonly #open = new Set<OpenSession>();
  readonly #ofDevice = new Map<string, Set<OpenSession>>();
  #checking: Promise<void> | undefined;
  /** Devices whose sessions are to be checked. */
  readonly #stale = new Set<string>();
  #isDraining = false;
  /** How often something changed that may end sessions. */
  changes = 0;
  readonly #stop: () => void;
  readonly #waits: Waits;

  constructor(waits: Waits) {
    this.#waits = waits;
    // Whatever changes a device or its account tells all processes.
    const unsubscribe = subscribe((event) => {
      if (event === "resync" || event.notice.type === "email_account") void this.check();
      // Each attempt tells of its device too; an unknown device has no sessions.
      else if (event.notice.type === "device" && event.notice.id !== "")
        void this.checkDevice(event.notice.id);
    });
    // What ends on its own, such as a day, sends no event; a lost connection is noticed late.
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

  /** @returns null when there are too many already */
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

  /** Ends the sessions of devices that may not go on: one question for all of them. */
  check(): Promise<void> {
    return this.#check(this.#ofDevice.keys());
  }

  /** The same, where only one device can have changed. */
  checkDevice(deviceId: string): Promise<void> {
    return this.#check([deviceId]);
  }

  #check(deviceIds: Iterable<string>): Promise<void> {
    this.changes += 1;
    for (const id of deviceIds) this.#stale.add(id);
    this.#checking ??= this.#checkStale().finally(() => {
      this.#checking = undefined;
      // It came when the last answer was in, and before this.
      if (this.#stale.size > 0) void this.#check([]);
    });
    return this.#checking;
  }

  async #checkStale(): Promise<void> {
    while (this.#stale.size > 0) {
      // Of one that opens meanwhile the answer says nothing.
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

  /**
   * Opens no more, lets end what is under way, and cuts off the rest. Those that are between two commands end one
   * after the other.
   */
  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    this.#stop();
    const joined = new Set<Session>();
    for (const session of this.#open) {
      session.isEnding = true;
      if (session.isIdle) joined.add(session);
      // One that is busy ends by itself, once its answer is out.
      else if (!session.isBusy) bid(session);
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

/** Ends those that are idle until no more than so many are left. */
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

type OpenSession = Session & {
  /** Writes down what went through since the last time. */
  saveTraffic(): void;
  close(): void;
};

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
    isBusy: false,
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
          // It is added to what comes next, if the session goes on.
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
