import { setTimeout as sleep } from "node:timers/promises";
import {
  HOLD_MS,
  limitsOfMailbox,
  paceOfDevice,
  takeMessage,
  takeRecipients,
} from "@/lib/devices/pace/store";
import type { FoundDevice } from "@/lib/devices/store";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";

const SAID = {
  pace: "451 4.7.0 Too many messages in a short time. Try again later.",
  day: "451 4.7.0 The mailbox has too many recipients in 24 hours. Try again later.",
  // Neither sent uncounted nor refused: the device tries again.
  uncounted: "451 4.3.0 Postkey can't count the message now. Try again later.",
} as const;

/** Counted together by all gateways. */
export class Pacing {
  readonly #device: FoundDevice;
  readonly #limits: ReturnType<typeof limitsOfMailbox>;

  constructor(device: FoundDevice) {
    this.#device = device;
    this.#limits = limitsOfMailbox(device.service);
  }

  async message(): Promise<string | null> {
    const { pace: ofMailbox, recipientsPerDay } = this.#limits;
    const { id: deviceId, mailboxId, messagesPerMinute } = this.#device;
    const ofDevice = paceOfDevice(messagesPerMinute);
    if (!ofDevice && !ofMailbox && recipientsPerDay === null) return null;
    const counted = { deviceId, mailboxId, ofDevice, ofMailbox, recipientsPerDay };
    const turn = await takeMessage({ ...counted, holdMs: HOLD_MS }).catch(asNull);
    if (!turn) return told("uncounted");
    if (turn.refusal) return told(turn.refusal);
    if (turn.waitMs > 0) {
      countUp("postkey_device_messages_paced_total", { outcome: "held" });
      await sleep(turn.waitMs);
    }
    return null;
  }

  /** Those behind the first, which was counted with the message. */
  async recipients(count: number): Promise<string | null> {
    const { recipientsPerDay: perDay } = this.#limits;
    if (perDay === null || count <= 0) return null;
    const { mailboxId } = this.#device;
    const hasRoom = await takeRecipients(mailboxId, { count, perDay }).catch(asNull);
    if (hasRoom === null) return told("uncounted");
    return hasRoom ? null : told("day");
  }
}

function told(refusal: keyof typeof SAID): string {
  countUp("postkey_device_messages_paced_total", { outcome: refusal });
  return SAID[refusal];
}

function asNull(error: unknown): null {
  log.warn({ error }, "a message of a device can't be counted");
  return null;
}
