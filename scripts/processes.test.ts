import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { Processes } from "./processes.mjs";
import { printLine } from "./terminal.mjs";

const lines: string[] = [];
const processes: Processes[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.stop()));
  lines.length = 0;
});

function supervise() {
  const onLine = (name: string, line: string) => lines.push(`${name}: ${line}`);
  const created = new Processes({ onLine, firstRestartMs: 50, lookEveryMs: 200 });
  processes.push(created);
  return created;
}

const program = (code: string) => ({ args: ["-e", code], env: { ...process.env } });
const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";
const count = (line: string) => lines.filter((each) => each === line).length;

test("a child that is killed is started again", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "web", ...program(FOREVER) });
  for (const times of [1, 2, 3]) {
    await vi.waitFor(() => expect(count("web: up")).toBe(times), 5_000);
    process.kill(supervisor.pidOf("web") ?? 0, "SIGKILL");
  }
  expect(count("postkey: web ended (SIGKILL)")).toBeGreaterThanOrEqual(2);
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
  await vi
    .waitFor(() => expect(printed).toContain("postkey: web is started again"), 5_000)
    .finally(() => spy.mockRestore());
  expect(printed).toContain("web: Error: port taken");
  expect(printed).toContain("postkey: web ended (1)");
  expect(printed.join()).not.toContain("Ready in");
});

test("the pause between starts grows for the one that keeps dying, and for no other", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "broken", ...program("process.exit(1)") });
  supervisor.start({ name: "web", ...program(FOREVER) });
  // Now the broken one waits 16 times as long as the other will.
  await vi.waitFor(() => expect(count("postkey: broken ended (1)")).toBe(5), 10_000);
  const before = lines.length;
  process.kill(supervisor.pidOf("web") ?? 0, "SIGKILL");
  const restarts = () => lines.slice(before).filter((line) => line.endsWith("is started again"));
  await vi.waitFor(() => expect(restarts().length).toBeGreaterThan(0), 5_000);
  expect(restarts()[0]).toBe("postkey: web is started again");
});

test("a child that says that its configuration is wrong is left alone", async () => {
  const supervisor = supervise();
  const child = supervisor.start({ name: "keeper", ...program("process.exit(78)") });
  await once(child, "exit");
  await sleep(300);
  expect(count("postkey: keeper ended (78)")).toBe(1);
  expect(lines).toContainEqual(expect.stringContaining("not started again"));
});

test("stopping starts nothing again", async () => {
  const supervisor = supervise();
  supervisor.start({ name: "web", ...program(FOREVER) });
  supervisor.start({ name: "broken", ...program("process.exit(1)") });
  await vi.waitFor(() => expect(count("web: up")).toBe(1), 5_000);
  await supervisor.stop();
  const before = lines.length;
  await sleep(300);
  expect(lines).toHaveLength(before);
});

test("a child that does not stop when it is asked to is killed within ten seconds", async () => {
  const supervisor = supervise();
  const deaf = `process.on("SIGTERM", () => {}); ${FOREVER}`;
  const child = supervisor.start({ name: "web", ...program(deaf) });
  await vi.waitFor(() => expect(count("web: up")).toBe(1), 5_000);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const stopped = supervisor.stop();
  vi.advanceTimersByTime(9_999);
  vi.useRealTimers();
  await stopped;
  expect(child.signalCode).toBe("SIGKILL");
});

test("a child that hangs is killed and started again; one that never gave signs is left alone", async () => {
  const supervisor = supervise();
  const signs = `setInterval(() => process.send("alive"), 20); ${FOREVER}`;
  const hanging = `${signs}; setTimeout(() => { for (;;); }, 300)`;
  supervisor.start({ name: "web", ...program(hanging) });
  supervisor.start({ name: "lively", ...program(signs) });
  supervisor.start({ name: "silent", ...program(FOREVER) });
  await vi.waitFor(() => expect(count("web: up")).toBe(2), 10_000);
  expect(lines).toContain("postkey: web does not respond and is killed");
  expect(count("lively: up")).toBe(1);
  expect(count("silent: up")).toBe(1);
});
