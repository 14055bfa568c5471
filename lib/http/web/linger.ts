import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

/** As nginx has them (lingering_time, lingering_timeout), with a bound for the bytes: more is no upload by mistake. */
const LINGER = {
  longestMs: 30 * SECOND_MS,
  silentMs: 5 * SECOND_MS,
  maxBytes: 256 * 1024 * 1024,
};
const LOOK_EVERY_MS = 100;

export type Linger = typeof LINGER;

/**
 * A client that is answered while it still sends reads the answer: what comes behind it is read and dropped for a
 * while. A connection that is closed with unread bytes is reset, and the client's system throws away what it had not
 * read yet (RFC 9112 §9.6). Node drops the bytes; this only says when to stop.
 */
export function lingerAfterAnswer(
  request: IncomingMessage,
  { longestMs, silentMs, maxBytes }: Linger = LINGER,
): void {
  const { socket } = request;
  const close = () => Socket.prototype.destroySoon.call(socket);
  // What Node calls behind the last answer of a connection.
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
