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

const MAX_OF_DEVICE = 20;
const MAX_IN_PROCESS = 5_000;
const CHECK_EVERY_MS = 10 * SECOND_MS;

/** A device that has logged in, or is about to, until its connection ends. */
export type Session = {
  device: FoundDevice;
  protocol: Protocol;
  messages: number;
  /** A message is under way, which is not cut off when the gateway stops. */
  isBusy: boolean;
  /** It is to end as soon as it can. */
  isEnding: boolean;
  /** Ends it in the words of its protocol, where it has some. */
  sayBye: (() => void) | undefined;
  count(bytes: number): void;
  /** Cuts it off. */
  end(): void;
};

/** The sessions of a gateway, which end with the right to them. */
export class Sessions {
  readonly #open = new Set<Session>();
  /** How many are open of a device. */
  readonly #ofDevice = new Map<string, number>();
  #checking: Promise<void> | undefined;
  #isStale = false;
  #isDraining = false;
  /** How often something changed that may end sessions. */
  changes = 0;
  readonly #stop: () => void;

  constructor() {
    // Whatever changes a device or its account tells all processes.
    const unsubscribe = subscribe((event) => {
      const isOfDevices =
        event === "resync" || ["device", "email_account"].includes(event.notice.type);
      if (isOfDevices) void this.check();
    });
    // What ends by itself, such as a day, tells nobody; nor does a lost connection at once.
    const timer = setInterval(() => void this.check(), CHECK_EVERY_MS);
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
  open(
    device: FoundDevice,
    protocol: Protocol,
    end: () => void,
  ): (Session & { close(): void }) | null {
    const ofDevice = this.#ofDevice.get(device.id) ?? 0;
    if (this.#isDraining || this.#open.size >= MAX_IN_PROCESS || ofDevice >= MAX_OF_DEVICE)
      return null;
    let bytes = 0;
    const session: Session & { close(): void } = {
      ...{ device, protocol, end, messages: 0, isBusy: false, isEnding: false, sayBye: undefined },
      count: (more: number) => {
        bytes += more;
      },
      close: () => {
        if (!this.#open.delete(session)) return;
        this.#leave(device.id);
        const { messages } = session;
        if (bytes === 0 && messages === 0) return;
        void addTraffic(device.id, { messages, bytes }).catch((error: unknown) =>
          log.warn({ error, deviceId: device.id }, "the traffic of a device is not counted"),
        );
      },
    };
    this.#open.add(session);
    this.#ofDevice.set(device.id, ofDevice + 1);
    return session;
  }

  #leave(deviceId: string): void {
    const left = (this.#ofDevice.get(deviceId) ?? 1) - 1;
    if (left > 0) this.#ofDevice.set(deviceId, left);
    else this.#ofDevice.delete(deviceId);
  }

  /** Ends the sessions of devices that may not go on: one question for all of them. */
  check(): Promise<void> {
    this.changes += 1;
    this.#isStale = true;
    this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #checkAll(): Promise<void> {
    while (this.#isStale && this.#open.size > 0) {
      this.#isStale = false;
      // Those that are asked about: of one that opens meanwhile the answer says nothing.
      const asked = [...this.#open];
      const ids = [...new Set(asked.map(({ device }) => device.id))];
      const standing = await findStanding(ids).catch(() => null);
      if (!standing) return;
      for (const session of asked)
        if (!mayGoOn(session, standing.get(session.device.id))) session.end();
    }
    this.#isStale = false;
  }

  /** Opens no more, lets messages end that are under way, and cuts off the rest. */
  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    this.#stop();
    for (const session of this.#open) {
      session.isEnding = true;
      // One that is busy ends by itself, once its answer is out.
      if (!session.isBusy) (session.sayBye ?? session.end)();
    }
    const until = elapsed() + withinMs;
    while (this.#open.size > 0 && elapsed() < until) await sleep(50);
    for (const session of this.#open) session.end();
  }
}

function mayGoOn({ device, protocol }: Session, now: Standing | undefined): boolean {
  if (!now?.protocols.includes(protocol)) return false;
  const isSamePassword = now.passwordVersion === device.passwordVersion;
  return isSamePassword && now.signsInAs === device.signsInAs && now.limits === device.limits;
}
