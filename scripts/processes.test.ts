import { once } from "node:events";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { Processes } from "./processes.mjs";
import { inWords, printLine } from "./terminal.mjs";

const lines: string[] = [];
const hopeless: number[] = [];
const processes: Processes[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.stop()));
  lines.length = 0;
  hopeless.length = 0;
});

function supervise() {
  const onLine = (name: string, line: string) => lines.push(`${name}: ${line}`);
  const onHopeless = (code: number) => hopeless.push(code);
  const created = new Processes({ onLine, onHopeless, firstRestartMs: 50, lookEveryMs: 200 });
  processes.push(created);
  return created;
}

const program = (code: string) => ({ args: ["-e", code], env: { ...process.env } });
const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";
/** A busy machine starts a process slowly. */
const PATIENCE = { timeout: 30_000 };
const count = (line: string) => lines.filter((each) => each === line).length;

test("a child that is killed is started again", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "web", ...program(FOREVER) });
  for (const times of [1, 2, 3]) {
    await expect.poll(() => count("web: up"), PATIENCE).toBe(times);
    process.kill(supervisor.pidOf("web") ?? 0, "SIGKILL");
  }
  expect(count("postkey: web ended (SIGKILL)")).toBeGreaterThanOrEqual(2);
});

test("an entry of the log is told in words, and anything else as it is", () => {
  const entry = { level: 40, time: 1, pid: 2, msg: "Postkey is slow.", keeperId: "k1" };
  expect(inWords(JSON.stringify(entry))).toBe('warning: Postkey is slow. {"keeperId":"k1"}');
  expect(inWords("Error: port taken")).toBe("Error: port taken");
});

test("what happens to the web is printed, and what it says is wrong, but not its small talk", async () => {
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text).trim());
    return true;
  });
  const supervisor = new Processes({ onLine: printLine, firstRestartMs: 50 });
  processes.push(supervisor);
  const talk = "console.log('Ready in 1 ms'); console.error('Error: port taken'); process.exit(1)";
  supervisor.start({ name: "web", ...program(talk) });
  await expect
    .poll(() => printed, PATIENCE)
    .toContain("postkey: web is started again")
    .finally(() => spy.mockRestore());
  expect(printed).toContain("web: Error: port taken");
  expect(printed).toContain("postkey: web ended (1)");
  expect(printed.join()).not.toContain("Ready in");
});

test("the pause between starts grows for the one that keeps dying, and not for one that was stopped in order", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "broken", ...program("process.exit(1)") });
  supervisor.start({ name: "gateway", ...program("process.exit(143)") });
  supervisor.start({ name: "web", ...program(FOREVER) });
  // Now the broken one waits 64 times as long as the others will.
  await expect.poll(() => count("postkey: broken ended (1)"), PATIENCE).toBe(7);
  const before = lines.length;
  process.kill(supervisor.pidOf("web") ?? 0, "SIGKILL");
  const restarts = () => lines.slice(before).filter((line) => line.endsWith("is started again"));
  const first = ["gateway", "web"].map((name) => `postkey: ${name} is started again`);
  await expect.poll(restarts, PATIENCE).toEqual(expect.arrayContaining(first));
  const broken = restarts().indexOf("postkey: broken is started again");
  for (const line of first) expect(broken < 0 || restarts().indexOf(line) < broken).toBe(true);
});

test("a child that says that its configuration is wrong is left alone, and told of", async () => {
  const supervisor = supervise();
  expect(supervisor.areWell()).toBe(true);
  supervisor.start({ name: "keeper", ...program("process.exit(78)") });
  supervisor.start({ name: "web", ...program("process.exit(1)") });
  // The other one has come back twice: its turn would have come too.
  await expect.poll(() => count("postkey: web ended (1)"), PATIENCE).toBe(3);
  expect(count("postkey: keeper ended (78)")).toBe(1);
  expect(lines).toContainEqual(expect.stringContaining("not started again"));
  expect(hopeless).toEqual([78]);
  expect(supervisor.areWell()).toBe(false);
});

test("stopping starts nothing again", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "web", ...program(FOREVER) });
  supervisor.start({ name: "broken", ...program("process.exit(1)") });
  await expect.poll(() => count("web: up"), PATIENCE).toBe(1);
  await supervisor.stop();
  const before = lines.length;
  // Another one's child comes back twice meanwhile.
  supervise().start({ name: "later", ...program("process.exit(1)") });
  await expect.poll(() => count("postkey: later ended (1)"), PATIENCE).toBe(3);
  expect(lines.slice(before).filter((line) => !line.includes("later"))).toEqual([]);
});

test("a child that does not stop when it is asked to is killed within ten seconds", async () => {
  const supervisor = supervise();
  const deaf = `process.on("SIGTERM", () => {}); ${FOREVER}`;
  const child = supervisor.start({ name: "web", ...program(deaf) });
  await expect.poll(() => count("web: up"), PATIENCE).toBe(1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const stopped = supervisor.stop();
  vi.advanceTimersByTime(9_999);
  vi.useRealTimers();
  await stopped;
  expect(child.signalCode).toBe("SIGKILL");
});

test("a lively child is left alone; one that gives no sign for three looks is killed and started again, and not one that never gave any", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const look = (times: number) => vi.advanceTimersByTime(times * 200);
  const supervisor = supervise();
  const lively = `if (process.env.FIRST) setInterval(() => process.send("alive"), 20); ${FOREVER}`;
  const { args, env } = program(lively);
  const web = { name: "web", args, env: { ...env, FIRST: "yes" } };
  const child = supervisor.start(web);
  web.env.FIRST = "";
  supervisor.start({ name: "silent", ...program(FOREVER) });
  const killed = () => lines.filter((line) => line.endsWith("does not respond and is killed"));
  for (let looks = 0; looks < 8; looks += 2) {
    await once(child, "message");
    look(2);
  }
  expect(killed()).toEqual([]);
  expect(supervisor.areWell()).toBe(true);
  look(1);
  expect(killed()).toEqual(["postkey: web does not respond and is killed"]);
  vi.useRealTimers();
  await expect.poll(() => count("web: up"), PATIENCE).toBe(3);
});
