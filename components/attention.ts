import { elapsed } from "@/lib/kernel/clock";

const AWAY_AFTER_MS = 20 * 60_000;
const SIGNS_OF_LIFE = [
  "pointerdown",
  "pointermove",
  "wheel",
  "keydown",
  "focus",
  "pageshow",
  "visibilitychange",
] as const;

export function watchAttention(page: EventTarget) {
  let lastAt = elapsed();
  let owed: (() => void) | undefined;
  const isThere = () => elapsed() - lastAt < AWAY_AFTER_MS;
  const notice = () => {
    lastAt = elapsed();
    const work = owed;
    owed = undefined;
    work?.();
  };
  for (const type of SIGNS_OF_LIFE)
    page.addEventListener(type, notice, { passive: true, capture: true });
  return {
    whenThere(work: () => void): void {
      if (isThere()) work();
      else owed = work;
    },
    stop(): void {
      owed = undefined;
      for (const type of SIGNS_OF_LIFE) page.removeEventListener(type, notice, { capture: true });
    },
  };
}
