import { once } from "node:events";
import net, { type Socket } from "node:net";

/** The end of a body that is sent in chunks (RFC 9112 §7.1), which is how routes answer. */
const LAST_CHUNK = "\r\n0\r\n\r\n";

const ANSWER_WITHIN_MS = 60_000;

/**
 * A kept HTTP/1.1 connection that sends ready-made requests and reads answers without taking them
 * apart: the load that it makes must not weigh on the machine beside what is measured.
 */
export type RawConnection = { ask(request: string): Promise<string>; close(): void };

export function rawConnection(url: string): RawConnection {
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;
  return {
    async ask(request) {
      // A server closes what was idle for some seconds.
      if (!socket || socket.destroyed || socket.readableEnded) {
        socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
        await once(socket, "connect");
        socket.setEncoding("latin1").setTimeout(ANSWER_WITHIN_MS, socket.destroy);
        socket.on("error", () => {}); // the caller learns of it from the end of the connection
      }
      return ask(socket, request);
    },
    close: () => void socket?.destroy(),
  };
}

function ask(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const lose = () => {
      socket.off("data", hear);
      reject(new Error("The server closed the connection, or did not answer."));
    };
    const hear = (chunk: string) => {
      answer += chunk;
      if (!isWhole(answer)) return;
      socket.off("data", hear);
      socket.off("close", lose);
      resolve(answer);
    };
    socket.on("data", hear);
    socket.once("close", lose);
    socket.write(request);
  });
}

/** As bytes are characters here, lengths of both are the same. */
function isWhole(answer: string): boolean {
  if (answer.endsWith(LAST_CHUNK)) return true;
  const head = answer.indexOf("\r\n\r\n");
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, Math.max(0, head))) ?? [];
  return length !== undefined && answer.length - head - 4 >= Number(length);
}

/** A request without a body, as text. */
export function rawRequest(
  method: "GET" | "POST",
  url: string,
  headers: Record<string, string>,
): string {
  const { pathname, host } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  const length = method === "POST" ? ["content-length: 0"] : [];
  return [`${method} ${pathname} HTTP/1.1`, ...lines, ...length, "", ""].join("\r\n");
}
