import { once } from "node:events";
import net from "node:net";

/** Free ports of 127.0.0.1. All are held until all are known, so none repeats. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => net.createServer().listen(0, "127.0.0.1"));
  await Promise.all(holders.map((holder) => once(holder, "listening")));
  const ports = holders.map((holder) => {
    const address = holder.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(holders.map((holder) => once(holder.close(), "close")));
  return ports;
}

/** Resolves once something accepts connections on the port; rejects after `deadlineMs`. */
export async function listening(port: number, deadlineMs: number): Promise<void> {
  const deadlineAt = Date.now() + deadlineMs;
  while (!(await accepts(port))) {
    if (Date.now() > deadlineAt) throw new Error(`Nothing listens on port ${port}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
