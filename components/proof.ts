import type { ActionError } from "@/lib/http/schema";

/** What an action answers with whose person has to confirm first that it is them. */
export const PROOF_REQUIRED = "proof_required";

type Outcome = { ok: true } | { ok: false; error: ActionError };

/** Who waits for the dialog to end; empty where it is not open. */
let waiting: ((isProven: boolean) => void)[] = [];
let dialogs = 0;
const listeners = new Set<() => void>();

const always = () => true;

/**
 * Runs something, and once more after the person confirmed that it is them, where that is asked for.
 * @param isStillWanted whether to ask for it once the first try has said so
 */
export async function withProof<R extends Outcome>(
  run: () => Promise<R>,
  isStillWanted: () => boolean = always,
): Promise<R> {
  const result = await run();
  if (result.ok || result.error.code !== PROOF_REQUIRED || !isStillWanted()) return result;
  return (await askForProof()) ? run() : result;
}

/** Opens the dialog “Confirm it's you”. @returns whether they did; false where the page has no such dialog */
export function askForProof(): Promise<boolean> {
  if (dialogs === 0) return Promise.resolve(false);
  return new Promise((done) => {
    waiting = [...waiting, done];
    tell();
  });
}

/** Says how the dialog ended. */
export function endProof(isProven: boolean): void {
  const done = waiting;
  waiting = [];
  tell();
  for (const each of done) each(isProven);
}

/** For the one dialog of a page. */
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
