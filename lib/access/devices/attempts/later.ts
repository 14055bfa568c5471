import { SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import type { NewAttempt } from "./schema";

/** Attempts that wait for a later second: of each key the last one. */
export class Later {
  readonly #attempts = new Map<string, NewAttempt>();
  readonly #most: number;
  readonly #work: (attempt: NewAttempt) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(most: number, work: (attempt: NewAttempt) => void) {
    this.#most = most;
    this.#work = work;
  }

  keep(key: string, attempt: NewAttempt): void {
    keepLatest(this.#attempts, [key, attempt], this.#most);
    this.#timer ??= setTimeout(() => {
      for (const each of this.take()) this.#work(each);
    }, SECOND_MS).unref();
  }

  find(key: string): NewAttempt | undefined {
    return this.#attempts.get(key);
  }

  drop(key: string): void {
    this.#attempts.delete(key);
  }

  /** None waits any more. */
  take(): NewAttempt[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    return attempts;
  }
}
