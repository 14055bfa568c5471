import { AsyncLocalStorage } from "node:async_hooks";

/** The cookies of the browser that the next request comes from. */
export const jar = new Map<string, string>();

/** Those of another browser, for what is done in it: several may ask at once. */
export const otherJar = new AsyncLocalStorage<Map<string, string>>();
