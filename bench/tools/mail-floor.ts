import tls from "node:tls";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import type { SMTPConnectionCustomAuthContext } from "nodemailer/lib/smtp-connection";
import type { MailServers } from "@/e2e/servers/mail-servers";
import { openConversation, xoauth2 } from "../conversation";
import { type Lanes, load } from "../rounds";
import { serveOrders } from "../tool";

// What anyone would write with these libraries and nothing else: no stages, no deadlines, no limits, no reports.
// The same things are proved as the product's tests prove. A process of its own, so that its CPU time can be read.

export type Mailbox = { user: string; accessToken: string };
type SetUp = { mailboxes: Mailbox[]; servers: Omit<MailServers, "other" | "close"> };

let secureContext = tls.createSecureContext();
let floor: SetUp | undefined;

serveOrders(async (order: SetUp | Lanes) => {
  if ("lanes" in order) return load(order, test);
  floor = order;
  secureContext = tls.createSecureContext({ ca: [...tls.rootCertificates, order.servers.caPem] });
  return null;
});

async function test(lane: number): Promise<void> {
  const { mailboxes = [], servers } = floor ?? {};
  const mailbox = mailboxes[lane % mailboxes.length];
  if (!mailbox || !servers) throw new Error("The floor was not set up.");
  await Promise.all([
    checkImap(servers.imap, mailbox),
    checkSmtp(servers.smtp, mailbox),
    checkPop3(servers.pop3, mailbox),
  ]);
}

type Endpoint = MailServers["imap"];

/** AUTHENTICATE and STATUS INBOX. */
async function checkImap({ host, port }: Endpoint, auth: Mailbox): Promise<void> {
  const options = { secure: true, auth, tls: { secureContext }, logger: false } as const;
  const client = new ImapFlow({ ...options, host, port, disableAutoIdle: true });
  client.on("error", () => {});
  try {
    await client.connect();
    if (!(await client.status("INBOX", { messages: true }))) throw new Error("STATUS was refused.");
  } finally {
    client.close();
  }
}

/** STARTTLS, AUTH, MAIL FROM and RSET. */
async function checkSmtp({ host, port }: Endpoint, mailbox: Mailbox): Promise<void> {
  const say = async ({ sendCommand }: SMTPConnectionCustomAuthContext) => {
    const commands = [`AUTH XOAUTH2 ${xoauth2(mailbox)}`, `MAIL FROM:<${mailbox.user}>`, "RSET"];
    for (const command of commands) {
      const { response } = await sendCommand(command);
      if (!response.startsWith("2")) throw new Error(response);
    }
  };
  const auth = { type: "custom", method: "floor", user: "", pass: "" } as const;
  const options = { host, port, requireTLS: true, tls: { secureContext, servername: host } };
  await createTransport({ ...options, auth, customAuth: { floor: say } }).verify();
}

/** CAPA, AUTH on two lines, STAT. */
async function checkPop3({ host, port }: Endpoint, mailbox: Mailbox): Promise<void> {
  const { socket, ask } = await openConversation({ host, port, secureContext });
  await ask("CAPA", "\r\n.\r\n");
  await ask("AUTH XOAUTH2", "+");
  await ask(xoauth2(mailbox), "+OK");
  await ask("STAT", "+OK");
  socket.destroy();
}
