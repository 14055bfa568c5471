// Reads the newest subjects of a mailbox and sends one message, with a token from Postkey.
// npm install imapflow nodemailer
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";

const { POSTKEY_URL, POSTKEY_API_KEY, POSTKEY_ACCOUNT, MAIL_TO } = process.env;

const response = await fetch(`${POSTKEY_URL}/api/emailAccounts/${POSTKEY_ACCOUNT}/accessToken`, {
  headers: { authorization: `Bearer ${POSTKEY_API_KEY}` },
});
const token = await response.json();
if (!response.ok) throw new Error(token.detail);
const { users, hosts, access_token: accessToken } = token;

const imap = new ImapFlow({
  host: hosts.imap.host,
  port: hosts.imap.port,
  secure: hosts.imap.tls === "implicit",
  auth: { user: users.imap, accessToken },
  logger: false,
});
await imap.connect();
const inbox = await imap.mailboxOpen("INBOX", { readOnly: true });
if (inbox.exists > 0)
  for await (const { envelope } of imap.fetch(`${Math.max(1, inbox.exists - 4)}:*`, {
    envelope: true,
  }))
    console.log(envelope.subject);
await imap.logout();

const smtp = createTransport({
  host: hosts.smtp.host,
  port: hosts.smtp.port,
  secure: hosts.smtp.tls === "implicit",
  requireTLS: true,
  auth: { type: "OAuth2", user: users.smtp, accessToken },
});
const sent = await smtp.sendMail({
  from: token.email_address,
  to: MAIL_TO,
  subject: "Hello from Node.js",
  text: "Sent with a token from Postkey.",
});
console.log(sent.response);
