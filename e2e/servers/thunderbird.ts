import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { freePort } from "@/scripts/ports.mjs";
import { listening } from "./listening";
import { type Login, type Message, type Sent, writeOwn } from "./program-setup";

const OPTIONS = ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access"];

/** In Thunderbird: sets the account up, sends a message, and waits until it is in the inbox. */
const SCRIPT = `
const [at, wanted, outgoing, done] = arguments;
(async () => {
  const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
  const authorities = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
  authorities.addCertFromBase64(at.authority, "C,,");
  const [SSL, NORMAL_PASSWORD] = [3, 3];
  const server = MailServices.accounts.createIncomingServer(at.user, at.imap.host, "imap");
  Object.assign(server, { port: at.imap.port, socketType: SSL, authMethod: NORMAL_PASSWORD });
  server.password = at.password;
  const identity = MailServices.accounts.createIdentity();
  Object.assign(identity, { email: at.user, doFcc: false });
  const account = MailServices.accounts.createAccount();
  account.addIdentity(identity);
  account.incomingServer = server;
  const sender = MailServices.outgoingServer.createServer("smtp");
  sender.QueryInterface(Ci.nsISmtpServer);
  Object.assign(sender, { hostname: at.smtp.host, port: at.smtp.port, username: at.user });
  Object.assign(sender, { socketType: SSL, authMethod: NORMAL_PASSWORD });
  sender.password = at.password;
  identity.smtpServerKey = sender.key;

  const file = Services.dirsvc.get("TmpD", Ci.nsIFile);
  file.append("postkey-message.eml");
  file.createUnique(Ci.nsIFile.NORMAL_FILE_TYPE, 0o600);
  await IOUtils.writeUTF8(file.path, outgoing);
  const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
  Object.assign(fields, { from: at.user, to: at.user });
  const send = Cc["@mozilla.org/messengercompose/send;1"].createInstance(Ci.nsIMsgSend);
  const status = await new Promise((resolve) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["nsIMsgSendListener"]),
      onStartSending() {}, onSendProgress() {}, onStatus() {}, onTransportSecurityError() {},
      onSendNotPerformed() {}, onGetDraftFolderURI() {},
      onStopSending: (id, result) => resolve(result),
    };
    send.sendMessageFile(identity, account.key, fields, file, true, false, Ci.nsIMsgSend.nsMsgDeliverNow, null, listener, null, at.password);
  });
  let subjects = [];
  for (let tries = 0; tries < 100 && !subjects.includes(wanted); tries += 1) {
    server.performExpand(null);
    const inbox = server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
    inbox?.updateFolder(null);
    await new Promise((later) => setTimeout(later, 200));
    subjects = inbox ? [...inbox.messages].map(({ subject }) => subject) : [];
  }
  return { status, subjects, user: at.user };
})().then(done, (error) => done({ error: String(error) + error.stack }));
`;

/** Sends a message and waits until it is in the inbox. */
export async function thunderbird(
  text: string,
  { dir, caFile, user, password }: Login,
  { to, subject }: Message,
): Promise<Sent> {
  const at = (protocol: string) => {
    const line = new RegExp(
      `\\(${protocol}\\): (\\S+), port (\\d+), SSL/TLS, normal password$`,
      "m",
    );
    const [, host, port] = line.exec(text) ?? [];
    return { host, port: Number(port) };
  };
  const authority = readFileSync(caFile, "utf8").replace(/-----[A-Z ]+-----|\s/g, "");
  const values = { user, password, imap: at("IMAP"), smtp: at("SMTP"), authority };
  const port = await freePort();
  writeOwn(dir, "user.js", `user_pref("marionette.port", ${port});\n`);
  const args = [...OPTIONS, "--profile", dir];
  const env = { ...process.env, HOME: dir };
  const program = spawn("thunderbird", args, { stdio: "ignore", env });
  try {
    await listening(port, 60_000);
    const ask = marionette(port);
    await ask("WebDriver:NewSession", {});
    await ask("Marionette:SetContext", { value: "chrome" });
    await ask("WebDriver:SetTimeouts", { script: 60_000 });
    const message = `From: ${user}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello.\r\n`;
    const script = { script: SCRIPT, args: [values, subject, message] };
    return { stdout: JSON.stringify(await ask("WebDriver:ExecuteAsyncScript", script)) };
  } finally {
    program.kill();
  }
}

/** Mozilla's remote protocol: "LENGTH:[0, id, command, parameters]", answered by "LENGTH:[1, id, error, result]". */
function marionette(port: number) {
  const socket = connect(port, "127.0.0.1");
  const waiting = new Map<number, (answer: unknown[]) => void>();
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const colon = rest.indexOf(":");
      const length = Number(rest.subarray(0, colon));
      if (colon < 0 || rest.length < colon + 1 + length) return;
      const message = JSON.parse(rest.subarray(colon + 1, colon + 1 + length).toString());
      rest = rest.subarray(colon + 1 + length);
      if (Array.isArray(message)) waiting.get(message[1])?.(message);
    }
  });
  let id = 0;
  return async (command: string, parameters: object): Promise<unknown> => {
    id += 1;
    const answered = new Promise<unknown[]>((resolve) => waiting.set(id, resolve));
    const text = JSON.stringify([0, id, command, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    const [, , error, result] = await answered;
    if (error) throw new Error(JSON.stringify(error));
    return result;
  };
}
