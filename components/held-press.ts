/** No press that does nothing is longer. */
const LONGEST_MS = 1_000;

const ENDS = ["mouseup", "dragend", "contextmenu", "blur"] as const;

let held: Promise<void> | null = null;

/**
 * What a press takes the focus from says only afterwards what is wrong with it: a complaint that appears between
 * press and release moves the button away from under the pointer, and the click is lost.
 */
export async function pressEnded(): Promise<void> {
  await held;
}

if (typeof window !== "undefined")
  window.addEventListener(
    "mousedown",
    () => {
      held ??= untilReleased();
    },
    { capture: true },
  );

function untilReleased(): Promise<void> {
  return new Promise((resolve) => {
    const listening = new AbortController();
    const release = () => {
      listening.abort();
      clearTimeout(latest);
      // The click comes after the release, and is part of the press.
      setTimeout(() => {
        held = null;
        resolve();
      });
    };
    const latest = setTimeout(release, LONGEST_MS);
    for (const end of ENDS)
      window.addEventListener(end, release, { capture: true, signal: listening.signal });
  });
}
