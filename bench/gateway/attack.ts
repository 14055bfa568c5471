import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./conversation";

// A process of its own: what an attack costs the attacker is not to slow the right logins of the benchmark.

const PER_SECOND = 200;
const { BENCH_PORT: port, BENCH_FROM: localAddress = "", BENCH_USERS: users = "[]" } = process.env;
// Both ends are parts of this benchmark, built together.
const names = JSON.parse(users) as string[];

process.stdin.resume().once("end", () => process.exit(0));
process.stdout.write("true\n");
for (let turn = 0; ; turn += 1) {
  void tryOne(names[turn % names.length] ?? "");
  await sleep(1_000 / PER_SECOND);
}

async function tryOne(user: string): Promise<void> {
  const client = await open({ port: Number(port), localAddress }).catch(() => null);
  await client?.ask(`a LOGIN ${user} ${"0".repeat(32)}`, "a NO").catch(() => {});
  client?.socket.destroy();
}
