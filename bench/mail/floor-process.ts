import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Load } from "../http-client";
import type { FloorAnswer, FloorEndpoints, FloorOrder } from "./floor";

type Protocol = keyof FloorEndpoints;

export type Floor = {
  pid: number;
  load(order: { lanes: number; durationMs: number; isLean?: boolean }): Promise<Load>;
  /** One test; calls back as each protocol ends. */
  one(endpoints: FloorEndpoints, onEnd: (protocol: Protocol) => void): Promise<void>;
  stop(): Promise<void>;
};

type SetUp = Omit<Extract<FloorOrder, { kind: "set up" }>, "kind">;

export async function startFloor(setUp: SetUp): Promise<Floor> {
  const child = fork(".build/bench-floor.mjs");
  const { pid } = child;
  if (pid === undefined) throw new Error("The floor did not start.");
  await ask(child, { kind: "set up", ...setUp }, ({ kind }) => kind === "ready");
  return {
    pid,
    async load(order) {
      let result: Load | undefined;
      await ask(child, { kind: "load", ...order }, (answer) => {
        if (answer.kind === "loaded") result = answer.load;
        return result !== undefined;
      });
      if (!result) throw new Error("The floor told nothing.");
      return result;
    },
    async one(endpoints, onEnd) {
      let open = 3;
      await ask(child, { kind: "one", endpoints }, (answer) => {
        if (answer.kind === "protocol") {
          onEnd(answer.protocol);
          open -= 1;
        }
        return open === 0;
      });
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}

/** Sends an order and listens until `isDone` says that its answer is complete. */
function ask(
  child: ChildProcess,
  order: FloorOrder,
  isDone: (answer: FloorAnswer) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      child.off("message", hear);
      child.off("exit", gone);
      if (error) reject(error);
      else resolve();
    };
    const hear = (answer: FloorAnswer) => {
      if (answer.kind === "failed") end(new Error(`The floor failed: ${answer.message}`));
      else if (isDone(answer)) end();
    };
    const gone = () => end(new Error("The floor ended."));
    child.on("message", hear);
    child.once("exit", gone);
    child.send(order);
  });
}
