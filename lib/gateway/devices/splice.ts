import type { Socket } from "node:net";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import type { Client } from "./client";
import type { Session } from "./sessions";
import { watchFirstWords } from "./unusable-mailbox";
import type { Upstream } from "./upstream/open";

/**
 * RFC 9051 §5.4, with IDLE, which is renewed every 29 minutes (RFC 2177). A reader that pauses for less has the rest of
 * its message: some take what came before the end for a whole. A peer that is gone is found out by TCP.
 */
const SILENT_MS = 35 * MINUTE_MS;
const WORDS = 256;
/** The end of an answer of IMAP, or of IDLE's (RFC 9051 §7): no line of a message looks so. */
const ANSWERED = /(?:^|\n)(?:[^\s*+]+ (?:OK|NO|BAD) |\+ )[^\n]*\n$/;
/** The device has ended, and its server has not said its last word. */
const HALF_OPEN_MS = 30 * SECOND_MS;

/**
 * Joins a device and its account's server: each has the other's bytes as they came, no faster than it takes
 * them. Resolves once both are closed. Between two commands it ends when the gateway stops.
 */
export async function splice(client: Client, upstream: Upstream, session: Session): Promise<void> {
  const rest = client.reader.release();
  const { socket: device } = client;
  const { socket: server } = upstream;
  const closed = closeTogether(device, server, { silentMs: SILENT_MS });
  const watch = watchFirstWords(client, session);
  /** The server's last words behind the last command, and when they came. */
  let last = { words: "+ \n", at: elapsed() };
  const asked = () => {
    last = { words: "", at: elapsed() };
  };
  const heard = (bytes: Buffer) => {
    last = { words: bytes.toString("latin1", Math.max(0, bytes.length - WORDS)), at: elapsed() };
    watch(bytes);
  };
  if (upstream.rest.length > 0) {
    heard(upstream.rest);
    device.write(upstream.rest);
  }
  if (rest.length > 0) {
    asked();
    server.write(rest);
  }
  const isQuiet = () => elapsed() - last.at >= session.quietMs && device.writableLength === 0;
  session.isIdle = () => last.words.endsWith("\n") && isQuiet();
  // RFC 1939 §3: a server of POP3 that ends a session says nothing. A line might be taken for one of a message.
  const hasWords = () => client.protocol === "imap" && ANSWERED.test(last.words);
  session.sayBye = () => (hasWords() ? client.sayBye() : client.close());
  pump(device, server, (bytes) => {
    session.count(bytes.length);
    asked();
  });
  pump(server, device, (bytes) => {
    session.count(bytes.length);
    heard(bytes);
  });
  await closed;
}

function pump(from: Socket, to: Socket, passes: (bytes: Buffer) => void): void {
  from.on("data", (chunk: Buffer) => {
    passes(chunk);
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.resume();
}

/**
 * Neither of two sockets outlives the other, or is silent for longer. Resolves when both are closed.
 * @param parted when aborted, each goes its own way again
 */
export function closeTogether(
  device: Socket,
  server: Socket,
  { silentMs, parted }: { silentMs: number; parted?: AbortSignal },
): Promise<void> {
  const pairs = [
    [device, server],
    [server, device],
  ] as const;
  return new Promise((done) => {
    for (const [socket, opposite] of pairs) {
      const onTimeout = () => socket.destroy();
      const onEnd = () => void (socket === device && server.setTimeout(HALF_OPEN_MS));
      const onClose = () => {
        onEnd();
        // What was written to it is still to go out, as fast as it reads.
        opposite.destroySoon();
        if (opposite.destroyed) done();
      };
      socket.setTimeout(silentMs);
      socket.on("timeout", onTimeout).once("end", onEnd).once("close", onClose);
      parted?.addEventListener("abort", () => {
        socket.off("timeout", onTimeout).off("end", onEnd).off("close", onClose);
        done();
      });
    }
    if (device.destroyed) server.destroy();
    if (server.destroyed) device.destroy();
    if (device.closed && server.closed) done();
  });
}

/** Writes and waits for room. @returns false when it takes no more */
export async function write(socket: Socket, bytes: Buffer): Promise<boolean> {
  if (!socket.writable) return false;
  socket.write(bytes);
  return hasRoom(socket);
}

/** Waits for room behind what was written. @returns false when it takes no more */
export async function hasRoom(socket: Socket): Promise<boolean> {
  if (!socket.writable) return false;
  if (!socket.writableNeedDrain) return true;
  return new Promise((resolve) => {
    const settle = (isOpen: boolean) => {
      socket.off("drain", onDrain);
      socket.off("close", onClose);
      resolve(isOpen);
    };
    const onDrain = () => settle(true);
    const onClose = () => settle(false);
    socket.once("drain", onDrain);
    socket.once("close", onClose);
  });
}
