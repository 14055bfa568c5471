import type { DeviceRow, GatewayDescription } from "@/lib/devices/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";

export type Instruction = { label: string; text: string };

export function instructionsFor(device: DeviceRow, gateway: GatewayDescription): Instruction[] {
  const smtp = serverOf(device, gateway, "smtp");
  const reading = serverOf(device, gateway, "imap") ?? serverOf(device, gateway, "pop3");
  const [sender = device.emailAddress] = device.senders;
  const { listeners, hasOwnAuthority } = gateway;
  const plain = listeners.find(({ protocol, plaintext }) => protocol === "smtp" && plaintext);
  const values = { user: device.emailAddress, sender, hasOwnAuthority, plain };
  const sending = smtp
    ? [
        { label: "Printer or scanner", of: printer },
        { label: "ERP, Java", of: java },
        { label: "PHP", of: php },
        { label: "Python", of: python },
        { label: "cron, msmtp", of: msmtp },
        { label: "Postfix", of: postfix },
        { label: "Monitoring", of: alertmanager },
      ].map(({ label, of }) => ({ label, text: of({ ...smtp, ...values }) }))
    : [];
  const imap = reading?.protocol === "imap" ? imaplib({ ...reading, ...values }) : null;
  const script = imap === null ? [] : [{ label: "Python, reading", text: imap }];
  const client = [...(reading ? [incoming(reading)] : []), ...(smtp ? [outgoing(smtp)] : [])];
  if (client.length === 0) return [];
  const text = [...client, `User name: ${values.user}`, "Password: PASSWORD"].join("\n");
  return [...sending, ...script, { label: "Mail program", text }];
}

type Server = { protocol: Protocol; host: string; port: number; isImplicit: boolean };
type Values = Server & {
  user: string;
  sender: string;
  hasOwnAuthority: boolean;
  plain: GatewayDescription["listeners"][number] | undefined;
};

export function portOf(gateway: GatewayDescription, protocol: Protocol): [string, string] {
  const server = bestOf(gateway, protocol);
  return server ? [String(server.port), encryption(server)] : ["", ""];
}

function serverOf(device: DeviceRow, gateway: GatewayDescription, protocol: Protocol) {
  return device.protocols.includes(protocol) ? bestOf(gateway, protocol) : null;
}

/** TLS from the first byte where possible (RFC 8314). */
function bestOf({ host, listeners }: GatewayDescription, protocol: Protocol): Server | null {
  const ofProtocol = listeners.filter((listener) => listener.protocol === protocol);
  // Listeners open to old TLS are for devices that need it.
  const sorted = [...ofProtocol].sort(
    (a, b) => Number(Boolean(a.oldTls)) - Number(Boolean(b.oldTls)),
  );
  const best = sorted.find(({ tls, oldTls }) => tls === "implicit" && !oldTls) ?? sorted[0];
  return best ? { protocol, host, port: best.port, isImplicit: best.tls === "implicit" } : null;
}

const encryption = ({ isImplicit }: Server) => (isImplicit ? "SSL/TLS" : "STARTTLS");
const incoming = (server: Server) =>
  `Incoming server (${server.protocol.toUpperCase()}): ${server.host}, port ${server.port}, ${encryption(server)}, normal password`;
const outgoing = (server: Server) =>
  `Outgoing server (SMTP): ${server.host}, port ${server.port}, ${encryption(server)}, normal password`;

export const AUTHORITY = "/etc/ssl/postkey-authority.pem";

function printer({ user, sender, plain, ...server }: Values): string {
  const without = plain
    ? `\nIf it knows no TLS: port ${plain.port} without encryption, from ${plain.plaintext?.join(", ")} only`
    : "";
  return `SMTP server: ${server.host}
Port: ${server.port}
Encryption: ${encryption(server)}${without}
SMTP authentication: on (PLAIN or LOGIN)
User name: ${user}
Password: PASSWORD
Sender, From or Reply address: ${sender}`;
}

function java({ host, port, isImplicit, user, sender, hasOwnAuthority }: Values): string {
  const trust = hasOwnAuthority
    ? `# Once, for the Java that runs it, and again after each of its updates:
# keytool -importcert -cacerts -noprompt -alias postkey -file ${AUTHORITY}
`
    : "";
  return `${trust}mail.transport.protocol=smtp
mail.smtp.host=${host}
mail.smtp.port=${port}
mail.smtp.auth=true
${isImplicit ? "mail.smtp.ssl.enable=true" : "mail.smtp.starttls.required=true"}
mail.smtp.ssl.checkserveridentity=true
mail.smtp.user=${user}
mail.smtp.from=${sender}
# The password is PASSWORD. Old programs want it in mail.smtp.password.`;
}

function php({ host, port, isImplicit, user, sender, hasOwnAuthority }: Values): string {
  const trust = hasOwnAuthority
    ? `\n$mail->SMTPOptions = ['ssl' => ['cafile' => '${AUTHORITY}']];`
    : "";
  return `$mail = new PHPMailer\\PHPMailer\\PHPMailer(true);
$mail->isSMTP();
$mail->Host = '${host}';
$mail->Port = ${port};
$mail->SMTPSecure = '${isImplicit ? "ssl" : "tls"}';${trust}
$mail->SMTPAuth = true;
$mail->Username = '${user}';
$mail->Password = 'PASSWORD';
$mail->setFrom('${sender}');`;
}

function python({ host, port, isImplicit, user, sender, hasOwnAuthority }: Values): string {
  const context = hasOwnAuthority ? `cafile="${AUTHORITY}"` : "";
  const client = isImplicit
    ? `with smtplib.SMTP_SSL("${host}", ${port}, context=context) as server:`
    : `with smtplib.SMTP("${host}", ${port}) as server:
    server.starttls(context=context)`;
  return `import smtplib, ssl
from email.message import EmailMessage

message = EmailMessage()
message["From"] = "${sender}"
message["To"] = "${user}"
message["Subject"] = "Test"
message.set_content("Hello.")

context = ssl.create_default_context(${context})
${client}
    server.login("${user}", "PASSWORD")
    server.send_message(message)`;
}

function imaplib({ host, port, isImplicit, user, hasOwnAuthority }: Values): string {
  const context = hasOwnAuthority ? `cafile="${AUTHORITY}"` : "";
  const client = isImplicit
    ? `with imaplib.IMAP4_SSL("${host}", ${port}, ssl_context=context) as server:`
    : `with imaplib.IMAP4("${host}", ${port}) as server:
    server.starttls(context)`;
  return `import imaplib, ssl
from email import message_from_bytes, policy

context = ssl.create_default_context(${context})
${client}
    server.login("${user}", "PASSWORD")
    server.select("INBOX", readonly=True)
    for number in server.search(None, "ALL")[1][0].split()[-10:]:
        content = server.fetch(number, "(RFC822)")[1][0][1]
        message = message_from_bytes(content, policy=policy.default)
        print(message["Date"], message["From"], message["Subject"])`;
}

function msmtp({ host, port, isImplicit, user, sender, hasOwnAuthority }: Values): string {
  return `# ~/.msmtprc, readable by its owner only
account default
host ${host}
port ${port}
tls on
tls_starttls ${isImplicit ? "off" : "on"}${hasOwnAuthority ? `\ntls_trust_file ${AUTHORITY}` : ""}
auth on
user ${user}
password PASSWORD
from ${sender}`;
}

function postfix({ host, port, isImplicit, user, hasOwnAuthority }: Values): string {
  return `# /etc/postfix/main.cf
relayhost = [${host}]:${port}
smtp_destination_rate_delay = 2s
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = inline:{ { [${host}]:${port} = ${user}:PASSWORD } }
smtp_sasl_security_options = noanonymous
smtp_sasl_mechanism_filter = plain
smtp_tls_security_level = ${hasOwnAuthority ? "secure" : "verify"}
smtp_tls_wrappermode = ${isImplicit ? "yes" : "no"}${hasOwnAuthority ? `\nsmtp_tls_CAfile = ${AUTHORITY}` : ""}
# Allow every address that Postfix sends from as a sender of this device, or turn on Replace the From address.
# Without that, failure notices are refused: they have no sender.`;
}

function alertmanager({ host, port, isImplicit, user, sender, hasOwnAuthority }: Values): string {
  // By default, implicit TLS at port 465 only.
  const implicit = isImplicit ? "\n  smtp_force_implicit_tls: true" : "";
  const trust = hasOwnAuthority ? `\n  smtp_tls_config:\n    ca_file: ${AUTHORITY}` : "";
  const other = isImplicit ? "SSL/TLS" : "STARTTLS";
  return `# Prometheus Alertmanager; Grafana and Zabbix ask for the same values, with ${other}.
global:
  smtp_smarthost: "${host}:${port}"
  smtp_from: "${sender}"
  smtp_auth_username: "${user}"
  smtp_auth_password: "PASSWORD"
  smtp_require_tls: true${implicit}${trust}${
    isImplicit
      ? "\n# Alertmanager 0.28.1 (tried) does not start with smtp_force_implicit_tls. Without that line and with\n# smtp_require_tls: false it speaks SSL/TLS at port 465 alone. The line is new in 0.31 (not tried)."
      : "\n# Tried with Alertmanager 0.28.1."
  }`;
}
