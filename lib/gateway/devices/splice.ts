import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import type { Client } from "./client";
import type { Session } from "./sessions";
import { watchFirstWords } from "./unusable-mailbox";
import type { ServerSocket, Upstream } from "./upstream/upstream";

/** RFC 9051 §5.4; IDLE is renewed every 29 minutes (RFC 2177). Less truncates paused readers. */
const SILENT_MS = 35 * MINUTE_MS;
const WORDS = 256;
/** End of an answer, or of IDLE's (RFC 9051 §7); no line of a message looks like it. */
const ANSWERED = /(?:^|\n)(?:[^\s*+]+ (?:OK|NO|BAD) |\+ )[^\n]*\n$/;
/** The device has ended; the server's last word is outstanding. */
const HALF_OPEN_MS = 30 * SECOND_MS;

/** Passes bytes unchanged at the receiver's pace. Resolves once both are closed. */
export async function splice(client: Client, upstream: Upstream, session: Session): Promise<void> {
  const rest = client.reader.release();
  const { socket: device } = client;
  const { socket: server } = upstream;
  const closed = closeTogether(device, server, { silentMs: SILENT_MS });
  const watch = watchFirstWords(client, session);
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
  // POP3 servers end silently (RFC 1939 §3), and a line could be taken for a message's.
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

function pump(from: Duplex, to: Duplex, passes: (bytes: Buffer) => void): void {
  from.on("data", (chunk: Buffer) => {
    passes(chunk);
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.resume();
}

/** Neither outlives the other. @param parted separates them again */
export function closeTogether(
  device: Socket,
  server: ServerSocket,
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
        // Pending data still goes out.
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

export async function write(socket: Duplex, bytes: Buffer): Promise<boolean> {
  if (!socket.writable) return false;
  socket.write(bytes);
  return hasRoom(socket);
}

export async function hasRoom(socket: Duplex): Promise<boolean> {
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
