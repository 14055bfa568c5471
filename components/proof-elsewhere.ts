/** Tells other tabs of this browser that the person confirmed their identity. */
const CHANNEL = "postkey-proof";

/** Tells the tabs that wait. */
export function tellProven(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("proven");
  channel.close();
}

/** Calls back when another tab ends with the proof. @returns what ends the waiting */
export function onProvenElsewhere(callBack: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = callBack;
  return () => channel.close();
}
