import { useEffect } from "react";
import type { ActionError } from "@/lib/http/schema";
import { storeOf } from "./store";

export const PROOF_REQUIRED = "proof_required";

type Outcome = { ok: true } | { ok: false; error: ActionError };

/** Empty while the dialog is closed. */
const waiting = storeOf<readonly ((isProven: boolean) => void)[]>([]);
let dialogs = 0;

/** Runs again after a required confirmation. @param isStillWanted asks before the dialog opens */
export async function withProof<R extends Outcome>(
  run: () => Promise<R>,
  isStillWanted: () => boolean = () => true,
): Promise<R> {
  const result = await run();
  if (result.ok || result.error.code !== PROOF_REQUIRED || !isStillWanted()) return result;
  return (await askForProof()) ? run() : result;
}

export const isProofAsked = () => waiting.get().length > 0;

/** “Confirm it's you”. @returns false also where the page has no such dialog */
export function askForProof(): Promise<boolean> {
  if (dialogs === 0) return Promise.resolve(false);
  return new Promise((done) => waiting.set([...waiting.get(), done]));
}

export function endProof(isProven: boolean): void {
  const done = waiting.get();
  waiting.set([]);
  for (const each of done) each(isProven);
}

export function useProofAsked(): boolean {
  useEffect(() => {
    dialogs += 1;
    return () => {
      dialogs -= 1;
      if (dialogs === 0) endProof(false);
    };
  }, []);
  return waiting.useValue().length > 0;
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
