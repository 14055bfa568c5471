import { connect, type TLSSocket } from "node:tls";
import type { Between, Device } from "./gateway-bench";

/** A client that says lines and waits for what ends an answer. */
export type Conversation = {
  socket: TLSSocket;
  ask(line: string, ending: string): Promise<void>;
  /** @param bytes until so many came */
  receive(line: string, bytes: number): Promise<void>;
  closed: Promise<void>;
};

type At = { port: number; localAddress?: string };

/** @throws Error when the other side ends before it has greeted */
export async function open({ port, localAddress }: At): Promise<Conversation> {
  const socket = connect({
    port,
    host: "127.0.0.1",
    servername: "localhost",
    rejectUnauthorized: false,
    ...(localAddress !== undefined && { localAddress }),
  });
  socket.setNoDelay(true);
  let text = "";
  let ended: (error: Error) => void = () => {};
  let hear: (chunk: Buffer) => void = () => {};
  socket.on("error", () => {});
  socket.on("data", (chunk) => hear(chunk));
  const closed = new Promise<void>((done) => {
    socket.once("close", () => {
      ended(new Error(`The connection ended after ${JSON.stringify(text.slice(-200))}.`));
      done();
    });
  });
  const until = (isOver: (chunk: Buffer) => boolean) =>
    new Promise<void>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error("The connection ended."));
      ended = reject;
      hear = (chunk) => {
        if (isOver(chunk)) resolve();
      };
    });
  const heard = (ending: string) => {
    text = "";
    return until((chunk) => {
      text = (text + chunk.toString("latin1")).slice(-4_096);
      return text.includes(ending);
    });
  };
  await heard("\r\n");
  return {
    socket,
    closed,
    ask(line, ending) {
      const answered = heard(ending);
      socket.write(`${line}\r\n`);
      return answered;
    },
    receive(line, bytes) {
      let count = 0;
      const answered = until((chunk) => {
        count += chunk.length;
        return count >= bytes;
      });
      socket.write(`${line}\r\n`);
      return answered;
    },
  };
}

export type Way = { between: Between; isGateway: boolean };

/** IMAP, signed in: at the gateway with a password, through the splice with a token at the server. */
export async function openImap(
  { between, isGateway }: Way,
  { user, password, accessToken }: Device,
): Promise<Conversation> {
  const conversation = await open({ port: between.imap });
  const logIn = isGateway
    ? `a LOGIN ${user} ${password}`
    : `a AUTHENTICATE XOAUTH2 ${base64(`user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`)}`;
  await conversation.ask(logIn, "a OK");
  return conversation;
}

/** SMTP, signed in likewise. */
export async function openSmtp(
  { between, isGateway }: Way,
  { user, password, accessToken }: Device,
): Promise<Conversation> {
  const conversation = await open({ port: between.smtp });
  await conversation.ask("EHLO bench", "250 ");
  if (isGateway) await conversation.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, "235 ");
  else {
    await conversation.ask("AUTH XOAUTH2", "334 ");
    const response = `user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`;
    await conversation.ask(base64(response), "235 ");
  }
  return conversation;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
