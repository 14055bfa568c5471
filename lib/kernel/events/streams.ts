import { singleton } from "@/lib/kernel/singleton";

/** Streams that are open in this process, by what closes them. */
export function openStreams(): Set<() => void> {
  return singleton("open-streams", () => new Set<() => void>());
}

/** `next start` waits for open answers without limit: a stream must be ended for it to stop. */
export function closeStreamsOnStop(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      for (const close of openStreams()) close();
    });
}
