/**
 * Gives a process a wall clock of its own: `--import` it. It steps by TEST_CLOCK_STEP_MS at each SIGUSR2.
 */
const RealDate = Date;
let offsetMs = 0;

process.on("SIGUSR2", () => {
  offsetMs += Number(process.env.TEST_CLOCK_STEP_MS ?? 0);
});

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget),
  apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
  get: (target, name) =>
    name === "now" ? () => RealDate.now() + offsetMs : Reflect.get(target, name),
});
