/**
 * Lets a process under test wait shorter where nothing but time passes: `--import` it. TEST_SHORT_WAITS is
 * `from=to` in milliseconds; a timer that is set to exactly `from` fires after `to`, the others as ever.
 */
const [from, to] = (process.env.TEST_SHORT_WAITS ?? "").split("=").map(Number);
const setTimeoutAsEver = globalThis.setTimeout;

globalThis.setTimeout = Object.assign(
  (run, ms, ...args) => setTimeoutAsEver(run, ms === from ? to : ms, ...args),
  setTimeoutAsEver,
);
