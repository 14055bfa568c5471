import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

const ANSWER_WITHIN_MS = 60_000;

/** A client that says lines and waits for what ends an answer. @throws Error when it is not greeted */
export async function openConversation(to: ConnectionOptions) {
  const socket = connectTls({ host: "127.0.0.1", servername: "localhost", ...to });
  const say = converse(socket);
  await say("", (text) => text.includes("\r\n"));
  const ask = (line: string, ending: string) => say(`${line}\r\n`, (text) => text.includes(ending));
  return { socket, ask };
}

type Say = (text: string, isWhole: (answer: string) => boolean) => Promise<string>;

/** Of one thing after the other; the text has a character for each byte. */
function converse(socket: Socket): Say {
  let answer = "";
  let hear: () => void = () => {};
  let end: (error: Error) => void = () => {};
  socket.setNoDelay(true).setEncoding("latin1");
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
  socket.on("error", () => {}); // the caller learns of it from the end of the connection
  socket.once("close", () => end(new Error(`It ended after ${JSON.stringify(answer)}.`)));
  socket.on("data", (chunk) => {
    answer += chunk;
    hear();
  });
  return (text, isWhole) =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error("The connection ended."));
      answer = "";
      end = reject;
      hear = () => {
        if (isWhole(answer)) resolve(answer);
      };
      socket.write(text);
    });
}

/**
 * A kept HTTP/1.1 connection that sends one ready-made request again and again and does not take answers apart: the
 * load must not weigh on the machine beside what is measured.
 */
export function rawClient(method: "GET" | "POST", url: string, headers: Record<string, string>) {
  const { hostname, port, pathname, host } = new URL(url);
  const lines = Object.entries({ host, ...headers, "content-length": "0" });
  const fields = lines.map(([name, value]) => `${name}: ${value}`);
  const request = [`${method} ${pathname} HTTP/1.1`, ...fields, "", ""].join("\r\n");
  let socket: Socket | undefined;
  let say: Say | undefined;
  return {
    /** @throws Error unless the status is 200 */
    async ask(): Promise<string> {
      // A server closes what was idle for some seconds.
      if (!say || !socket || socket.destroyed || socket.readableEnded) {
        socket = connectPlain({ host: hostname, port: Number(port) });
        say = converse(socket);
      }
      const answer = await say(request, isWhole);
      if (!answer.startsWith("HTTP/1.1 200 ")) throw new Error(answer.slice(0, 600));
      return answer;
    },
    close: () => void socket?.destroy(),
  };
}

/** The end of a body that is sent in chunks (RFC 9112 §7.1), which is how routes answer. */
const LAST_CHUNK = "\r\n0\r\n\r\n";

function isWhole(answer: string): boolean {
  if (answer.endsWith(LAST_CHUNK)) return true;
  const head = answer.indexOf("\r\n\r\n");
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, Math.max(0, head))) ?? [];
  return length !== undefined && answer.length - head - 4 >= Number(length);
}

export function xoauth2({ user, accessToken }: { user: string; accessToken: string }): string {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString("base64");
}
