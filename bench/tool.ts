import { fork } from "node:child_process";
import { once } from "node:events";

type Answer = { result: unknown } | { problem: string };

/** A process of the benchmark, bundled from tools/: it answers one order after the other. */
export function startTool(name: string, env: NodeJS.ProcessEnv = process.env) {
  const execArgv = ["--conditions=react-server", "--enable-source-maps"];
  const child = fork(`.build/bench-${name}.mjs`, { env, execArgv });
  const ended = once(child, "exit");
  return {
    pid: child.pid ?? 0,
    async ask<T>(order: object): Promise<T> {
      child.send(order);
      const gone = ended.then(([code]) => [{ problem: `It ended (${code}).` }]);
      // Both ends are parts of this benchmark, built together.
      const [answer] = (await Promise.race([once(child, "message"), gone])) as [Answer];
      if ("problem" in answer) throw new Error(`${name}: ${answer.problem}`);
      return answer.result as T;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The other end, in the tool itself. */
export function serveOrders<O>(obey: (order: O) => Promise<unknown>): void {
  const answer = (said: Answer) => process.send?.(said);
  process.on("message", (order: O) => {
    obey(order).then(
      (result) => answer({ result: result ?? null }),
      (error: Error) => answer({ problem: error.stack ?? String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
}
