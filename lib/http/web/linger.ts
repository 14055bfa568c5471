import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

/** nginx's lingering_time and lingering_timeout, and a bound on bytes. */
const LINGER = {
  longestMs: 30 * SECOND_MS,
  silentMs: 5 * SECOND_MS,
  maxBytes: 256 * 1024 * 1024,
};
const LOOK_EVERY_MS = 100;

export type Linger = typeof LINGER;

/** RFC 9112 §9.6: closing with unread bytes resets, and the client loses the answer. */
export function lingerAfterAnswer(
  request: IncomingMessage,
  { longestMs, silentMs, maxBytes }: Linger = LINGER,
): void {
  const { socket } = request;
  const close = () => Socket.prototype.destroySoon.call(socket);
  // Node calls it after a connection's last answer.
  socket.destroySoon = () => {
    if (request.complete) return close();
    socket.end();
    const [beganAt, first] = [elapsed(), socket.bytesRead];
    let [heardAt, read] = [beganAt, first];
    const looking = setInterval(() => {
      if (socket.bytesRead > read) [heardAt, read] = [elapsed(), socket.bytesRead];
      const isOver =
        elapsed() - beganAt > longestMs ||
        elapsed() - heardAt > silentMs ||
        read - first > maxBytes;
      if (isOver) socket.destroy();
    }, LOOK_EVERY_MS);
    socket.once("close", () => clearInterval(looking));
    request.once("end", close);
  };
}
