import { singleton } from "@/lib/kernel/singleton";

export function openStreams(): Set<() => void> {
  return singleton("open-streams", () => new Set<() => void>());
}

/** `next start` waits for open responses without limit. */
export function closeStreamsOnStop(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      for (const close of openStreams()) close();
    });
}
