import type { Socket } from "node:net";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Listener } from "@/lib/kernel/listeners";
import { countUp } from "@/lib/kernel/metrics/counters";
import { FULL, NOT_SERVED, STOPPING } from "./refusals";

const TOLD = { full: FULL, not_served: NOT_SERVED, stopping: STOPPING };

/** A connection that no one serves hears why, and ends. */
export function turnAway(socket: Socket, listener: Listener, reason: "full" | "not_served"): void {
  tellOff(socket, listener, reason);
  socket.setTimeout(SECOND_MS, () => socket.destroy());
  socket.destroySoon();
}

/** Where TLS comes first, there is nothing to say it in. */
export function tellOff(socket: Socket, listener: Listener, reason: keyof typeof TOLD): void {
  countRefused(listener, reason);
  if (listener.tls === "starttls") socket.write(TOLD[reason][listener.protocol]);
}

export function countRefused(
  { protocol }: Listener,
  reason: keyof typeof TOLD | "guessing" | "crowded",
): void {
  countUp("postkey_device_connections_refused_total", { protocol, reason });
}
