import net from "node:net";

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
