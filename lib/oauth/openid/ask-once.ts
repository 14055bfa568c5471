import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

const SHARED_MS = 5 * SECOND_MS;

type Asking<T> = { answer: Promise<T>; endedAt: number | undefined };

/** Callers meanwhile, or just after a failure, share the answer: strangers can make Postkey ask. */
export class AskOnce<T> {
  readonly #asking = new Map<string, Asking<T>>();

  ask(key: string, fetch: () => Promise<T>): Promise<T> {
    const last = this.#asking.get(key);
    if (last && (last.endedAt === undefined || elapsed() - last.endedAt < SHARED_MS))
      return last.answer;
    const fresh: Asking<T> = { answer: fetch(), endedAt: undefined };
    this.#asking.set(key, fresh);
    const end = () => {
      fresh.endedAt = elapsed();
    };
    fresh.answer.then(end, end);
    return fresh.answer;
  }

  forget(key: string): void {
    this.#asking.delete(key);
  }
}
