import net from "node:net";
import tls, { type SecureContext, type TLSSocket } from "node:tls";
import { ImapFlow } from "imapflow";
import SMTPConnection, {
  type SMTPConnectionCustomAuthContext,
} from "nodemailer/lib/smtp-connection";
import type { MailEndpoint } from "@/lib/egress/schema";

// What anyone would write with these libraries and nothing else: no stages, no deadlines, no
// limits, no reports. The same things are proved as the product's probes prove.

export type Mailbox = { user: string; accessToken: string };

export type FloorTarget = {
  endpoint: MailEndpoint;
  secureContext: SecureContext;
  /** Switches off what ImapFlow does for longer sessions than this: COMPRESS and ENABLE. */
  isLean?: boolean;
};

/** AUTHENTICATE and STATUS INBOX. */
export async function checkImap(target: FloorTarget, mailbox: Mailbox) {
  const { secureContext, isLean = false } = target;
  const { host, port } = target.endpoint;
  const client = new ImapFlow({
    host,
    port,
    secure: true,
    auth: mailbox,
    tls: { secureContext },
    logger: false,
    disableAutoIdle: true,
    disableAutoEnable: isLean,
    disableCompression: isLean,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    if (!(await client.status("INBOX", { messages: true }))) throw new Error("STATUS was refused.");
  } finally {
    client.close();
  }
}

/** STARTTLS, AUTH, MAIL FROM and RSET. */
export async function checkSmtp({ endpoint, secureContext }: FloorTarget, mailbox: Mailbox) {
  const { host, port } = endpoint;
  const offer = async ({ sendCommand }: Pick<SMTPConnectionCustomAuthContext, "sendCommand">) => {
    const expect = async (command: string, code: string) => {
      const { response } = await sendCommand(command);
      if (!response.startsWith(code)) throw new Error(response);
    };
    await expect(`AUTH XOAUTH2 ${initialResponse(mailbox)}`, "235");
    await expect(`MAIL FROM:<${mailbox.user}>`, "250");
    await expect("RSET", "250");
  };
  await new Promise<void>((resolve, reject) => {
    const connection = new SMTPConnection({
      host,
      port,
      requireTLS: true,
      tls: { secureContext, servername: host },
      logger: false,
      customAuth: {
        floor: async (context) => {
          await offer(context).then(resolve, reject);
          connection.close();
        },
      },
    });
    connection.once("error", reject);
    connection.on("error", () => {});
    connection.connect((error) => {
      if (error) return reject(error);
      connection.login({ method: "floor", user: "", pass: "" }, () => {});
    });
  });
}

/** CAPA, AUTH on two lines, STAT. */
export async function checkPop3({ endpoint, secureContext }: FloorTarget, mailbox: Mailbox) {
  const { host, port } = endpoint;
  const socket = tls.connect({ host, port, servername: net.isIP(host) ? "" : host, secureContext });
  try {
    const ask = conversation(socket);
    await ask("", "+OK");
    await ask("CAPA", "+OK", "\r\n.\r\n");
    await ask("AUTH XOAUTH2", "+");
    await ask(initialResponse(mailbox), "+OK");
    await ask("STAT", "+OK");
  } finally {
    socket.destroy();
  }
}

function conversation(socket: TLSSocket) {
  let buffered = "";
  let settle: (error?: Error) => void = () => {};
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    buffered += chunk;
    settle();
  });
  socket.on("error", (error) => settle(error));
  socket.on("close", () => settle(new Error("The connection was lost.")));
  return async (command: string, expected: string, end = "\r\n") => {
    if (command) socket.write(`${command}\r\n`);
    while (!buffered.endsWith(end))
      await new Promise<void>((resolve, reject) => {
        settle = (error) => (error ? reject(error) : resolve());
      });
    const reply = buffered;
    buffered = "";
    if (!reply.startsWith(expected)) throw new Error(reply);
  };
}

function initialResponse({ user, accessToken }: Mailbox): string {
  return Buffer.from(`user=${user}\u0001auth=Bearer ${accessToken}\u0001\u0001`).toString("base64");
}
