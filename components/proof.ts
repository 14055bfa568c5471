import type { ActionError } from "@/lib/http/schema";

export const PROOF_REQUIRED = "proof_required";

type Outcome = { ok: true } | { ok: false; error: ActionError };

/** Empty while the dialog is closed. */
let waiting: ((isProven: boolean) => void)[] = [];
let dialogs = 0;
const listeners = new Set<() => void>();

const always = () => true;

/** Runs again after a required confirmation. @param isStillWanted asks before the dialog opens */
export async function withProof<R extends Outcome>(
  run: () => Promise<R>,
  isStillWanted: () => boolean = always,
): Promise<R> {
  const result = await run();
  if (result.ok || result.error.code !== PROOF_REQUIRED || !isStillWanted()) return result;
  return (await askForProof()) ? run() : result;
}

/** “Confirm it's you”. @returns false also where the page has no such dialog */
export function askForProof(): Promise<boolean> {
  if (dialogs === 0) return Promise.resolve(false);
  return new Promise((done) => {
    waiting = [...waiting, done];
    tell();
  });
}

export function endProof(isProven: boolean): void {
  const done = waiting;
  waiting = [];
  tell();
  for (const each of done) each(isProven);
}

export function followProof(listener: () => void): () => void {
  dialogs += 1;
  listeners.add(listener);
  return () => {
    dialogs -= 1;
    listeners.delete(listener);
    if (dialogs === 0) endProof(false);
  };
}

export const isProofAsked = (): boolean => waiting.length > 0;

function tell(): void {
  for (const listener of listeners) listener();
}

/** Tells other tabs that identity was confirmed. */
const CHANNEL = "postkey-proof";

export function tellProven(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("proven");
  channel.close();
}

export function onProvenElsewhere(callBack: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = callBack;
  return () => channel.close();
}
