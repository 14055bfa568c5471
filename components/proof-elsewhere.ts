/** Tells other tabs that identity was confirmed. */
const CHANNEL = "postkey-proof";

export function tellProven(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("proven");
  channel.close();
}

/** @returns ends the waiting */
export function onProvenElsewhere(callBack: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = callBack;
  return () => channel.close();
}
