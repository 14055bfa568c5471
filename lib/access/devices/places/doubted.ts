import "server-only";
import { SECOND_MS } from "@/lib/kernel/clock";
import { givePlacesBack, type Place } from "./store";

/** Longer than a statement may take. */
const DOUBT_MS = 15 * SECOND_MS;
/** While the database is away each try makes one. Those that are left out are free when their holder's lease ends. */
const MOST = 10_000;

/**
 * Places of one holder that may be taken although no answer came, or may not have been given back: given back
 * together, once no statement can take them any more.
 */
export class Doubted {
  readonly #holderId: string;
  #young: Place[] = [];
  #due: Place[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(holderId: string) {
    this.#holderId = holderId;
  }

  add(places: readonly Place[]): void {
    this.#young = [...this.#young, ...places].slice(-MOST);
    this.#timer ??= setTimeout(() => this.#look(), DOUBT_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const due = this.#due;
    this.#due = this.#young;
    this.#young = [];
    this.#timer =
      this.#due.length > 0 ? setTimeout(() => this.#look(), DOUBT_MS).unref() : undefined;
    if (due.length > 0) givePlacesBack(due, this.#holderId).catch(() => this.add(due));
  }
}
