import {
  giveMessagesBack,
  type MessageLimits,
  type Turn,
  type Turns,
  takeMessages,
} from "@/lib/access/devices/pace/store";
import { elapsed } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";

/** Turns that are taken together are used within this time, or given back. */
const MOMENT_MS = 250;
/** And within a part of the shortest span: they count for longer by that. */
const PART_OF_SPAN = 8;
const MOST_WANTED = 16;

/** What was taken last for a device. */
type Taken = Pick<Turns, "datedAt"> & {
  limits: MessageLimits;
  wanted: number;
  unused: number;
  momentMs: number;
  until: number;
};

/**
 * The turns of a device's messages. The first one is taken by itself; one that follows at once is taken with
 * others behind it, and so on in doubles, so that a burst costs a few statements and a single message one.
 */
class TurnsOfDevices {
  readonly #taken = new Map<string, Taken>();
  #sweeping: ReturnType<typeof setTimeout> | undefined;

  /** @throws Error of the database */
  async take(limits: MessageLimits): Promise<Turn> {
    const last = this.#taken.get(limits.deviceId);
    const isInTime = last !== undefined && elapsed() < last.until;
    if (isInTime && last.unused > 0) {
      last.unused -= 1;
      return { waitMs: 0, refusal: null };
    }
    const momentMs = momentOf(limits);
    const wanted = isInTime ? Math.min(2 * last.wanted, MOST_WANTED) : 1;
    // Before the database looks at its clock: the moment is over here no later than there.
    const until = elapsed() + momentMs;
    const { waitMs, refusal, taken, datedAt } = await takeMessages(limits, { wanted, momentMs });
    if (refusal === null)
      this.#keep({ limits, wanted, unused: taken - 1, momentMs, until, datedAt });
    return { waitMs, refusal };
  }

  #keep(taken: Taken): void {
    const { deviceId } = taken.limits;
    // Of another session of the device, which asked in the same moment.
    const other = this.#taken.get(deviceId);
    if (other) this.#giveBack(other);
    this.#taken.set(deviceId, taken);
    this.#sweeping ??= setTimeout(() => this.#sweep(), MOMENT_MS).unref();
  }

  #sweep(): void {
    this.#sweeping = undefined;
    for (const [deviceId, taken] of this.#taken) {
      if (elapsed() < taken.until) continue;
      this.#taken.delete(deviceId);
      this.#giveBack(taken);
    }
    if (this.#taken.size > 0) this.#sweeping = setTimeout(() => this.#sweep(), MOMENT_MS).unref();
  }

  #giveBack({ limits, unused, momentMs, datedAt }: Taken): void {
    if (unused === 0) return;
    void giveMessagesBack(limits, { datedAt, momentMs, unused }).catch((error: unknown) =>
      log.warn({ error }, "turns of a device are not given back"),
    );
  }
}

function momentOf({ ofDevice, ofMailbox }: MessageLimits): number {
  const spans = [ofDevice, ofMailbox].flatMap((pace) => (pace ? [pace.spanMs] : []));
  return Math.min(MOMENT_MS, ...spans.map((spanMs) => spanMs / PART_OF_SPAN));
}

export function turnsOfDevices(): TurnsOfDevices {
  return singleton("turns-of-devices", () => new TurnsOfDevices());
}
