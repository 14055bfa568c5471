import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@/scripts/ports.mjs";
import { missingPackages } from "@/scripts/system-packages.mjs";
import { listening } from "./listening";
import { type Login, type Message, type Sent, textOf, writeOwn } from "./program-setup";
import { thunderbird } from "./thunderbird";

// Programs of Debian's packages, each set up as its page in docs/software says.

const run = promisify(execFile);
const LIMIT = { timeout: 60_000 };

/** Whether all are there; as root of a Debian `npm run test:long` installs them. */
export const havePrograms = missingPackages(true).length === 0;

/** Synchronizes all folders with `Maildir` in the home folder, both ways. */
export async function mbsync(login: Login): Promise<void> {
  mkdirSync(join(login.dir, "Maildir"), { recursive: true });
  const config = writeOwn(login.dir, "mbsyncrc", textOf(login, "mbsync", { protocols: ["imap"] }));
  await run("mbsync", ["-c", config, "-a"], { timeout: 300_000, env: atHome(login) });
}

/** Sends a message. @throws Error with what the server said */
export async function msmtp(
  login: Login,
  { to, message }: { to: string; message: string },
): Promise<void> {
  const config = writeOwn(login.dir, "msmtprc", textOf(login, "msmtp", { protocols: ["smtp"] }));
  await feed(run("msmtp", ["-C", config, to], LIMIT), message);
}

/** Hands every message to a delivery agent, and keeps it on the server. @param agent its path */
export async function fetchmail(
  login: Login,
  agent: string,
  protocol: "imap" | "pop3" = "imap",
): Promise<void> {
  const config = writeOwn(
    login.dir,
    "fetchmailrc",
    textOf(login, "fetchmail", { protocols: [protocol] }),
  );
  const args = ["-f", config, "--nosyslog", "--mda", agent];
  const env = { ...atHome(login), FETCHMAILHOME: login.dir };
  await run("fetchmail", args, { timeout: 300_000, env });
}

const PHP = "/usr/bin/php";
const ROUNDCUBE = "/usr/share/roundcube";

/** A Roundcube that serves on this machine. */
export async function startRoundcube(login: Login) {
  const folder = join(login.dir, "roundcube");
  mkdirSync(folder);
  copyFileSync("/etc/roundcube/defaults.inc.php", join(folder, "defaults.inc.php"));
  const own = `<?php $config = [
  'db_dsnw' => 'sqlite:///${folder}/db?mode=0600',
  'des_key' => 'twenty-four characters..', 'plugins' => [], 'skin' => 'elastic',
  'language' => 'en_US', 'log_dir' => '${folder}', 'temp_dir' => '${folder}',
];\n`;
  writeOwn(
    folder,
    "config.inc.php",
    own + textOf(login, "Roundcube", { protocols: ["imap", "smtp"] }),
  );
  const schema = `file_get_contents("${ROUNDCUBE}/SQL/sqlite.initial.sql")`;
  await run(PHP, ["-r", `(new PDO("sqlite:${folder}/db"))->exec(${schema});`]);
  const port = await freePort();
  const args = ["-S", `127.0.0.1:${port}`, "-t", "/var/lib/roundcube/public_html"];
  const env = { ...process.env, ROUNDCUBE_CONFIG_DIR: folder };
  const server = spawn(PHP, args, { env, stdio: "ignore" });
  return { url: `http://127.0.0.1:${port}/`, stop: () => void server.kill() };
}

type Sender = (text: string, login: Login, message: Message) => Promise<Sent>;

/** By the page's title: sends a message as the page says, to the device's own address where it says so. */
export const SENDERS: Readonly<Record<string, Sender>> = {
  "Printer or scanner": (text, login, message) =>
    run("swaks", swaks(fieldsOf(text), login, message), LIMIT),
  WordPress: (text, { dir }, message) => {
    const fields = fieldsOf(text);
    const values = {
      Host: fields["SMTP host"],
      Port: fields["SMTP port"],
      SMTPSecure: fields.Encryption?.toLowerCase(),
      Username: fields["SMTP username"],
      Password: fields["SMTP password"],
    };
    const sets = Object.entries(values).map(([name, value]) => `$mail->${name} = '${value}';`);
    const own = `$mail = new PHPMailer\\PHPMailer\\PHPMailer(true);
$mail->isSMTP(); $mail->SMTPAuth = true; $mail->setFrom('${fields["From email"]}');`;
    const [name = "", file = ""] = (fields["php.ini"] ?? "").split(" = ");
    return php(`${own}${sets.join("\n")}`, message, { dir, options: ["-d", `${name}=${file}`] });
  },
  PHP: (text, { dir }, message) => php(text, message, { dir }),
  Python: (text, { dir }, { subject }) =>
    run("python3", [writeOwn(dir, "send.py", text.replace('"Test"', `"${subject}"`))], LIMIT),
  "Node.js": (text, { dir, caFile }, { subject }) => {
    symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
    const file = writeOwn(dir, "mail.mjs", text.replace('"Test"', `"${subject}"`));
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile };
    return run(process.execPath, [file], { ...LIMIT, env });
  },
  Java: java,
  mutt: (text, login, { to, subject }) => {
    const args = ["-n", "-F", writeOwn(login.dir, "muttrc", text), "-s", subject, "--", to];
    return feed(run("mutt", args, { ...LIMIT, env: atHome(login) }), "Hello.\n");
  },
  msmtp: (text, { dir }, { to, subject }) => {
    const sending = run("msmtp", ["-C", writeOwn(dir, "msmtprc", text), to], LIMIT);
    return feed(sending, `From: ${to}\nTo: ${to}\nSubject: ${subject}\n\nHello.\n`);
  },
  Exim: exim,
  Alertmanager: alertmanager,
  "Thunderbird and other mail programs": thunderbird,
};

/** `Name: value` by line. */
const fieldsOf = (text: string): Record<string, string> =>
  Object.fromEntries(text.split("\n").map((line) => line.split(/: (.*)/, 2)));

function swaks(fields: Record<string, string>, { caFile }: Login, { to, subject }: Message) {
  const { Port: port = "", Encryption: encryption } = fields;
  return [
    ...["--server", fields["SMTP server"] ?? "", "--port", port],
    encryption === "SSL/TLS" ? "--tls-on-connect" : "--tls",
    ...["--tls-verify", "--tls-ca-path", caFile, "--auth", "LOGIN"],
    ...["--auth-user", fields["User name"] ?? "", "--auth-password", fields.Password ?? ""],
    ...["--from", fields["Sender, From or Reply address"] ?? "", "--to", to],
    ...["--header", `Subject: ${subject}`],
  ];
}

function php(
  text: string,
  { to, subject }: Message,
  { dir, options = [] }: { dir: string; options?: string[] },
) {
  const code = `<?php require '/usr/share/php/libphp-phpmailer/autoload.php';
${text}
$mail->addAddress('${to}'); $mail->Subject = '${subject}'; $mail->Body = 'Hello.';
$mail->send();`;
  return run(PHP, [...options, writeOwn(dir, "send.php", code)], LIMIT);
}

async function java(text: string, { dir, password }: Login, { to, subject }: Message) {
  const [, keytool = ""] = /^# keytool (.+)$/m.exec(text) ?? [];
  const store = join(dir, "trusted");
  const options = ["-keystore", store, "-storepass", "changeit"];
  const args = keytool.split(" ").filter((each) => each !== "-cacerts");
  if (!existsSync(store)) await run("keytool", [...args, ...options], LIMIT);
  const properties = writeOwn(dir, "mail.properties", text);
  const program = `import javax.mail.*;
import javax.mail.internet.*;
public class Send {
  public static void main(String[] args) throws Exception {
    java.util.Properties values = new java.util.Properties();
    values.load(new java.io.FileReader("${properties}"));
    Session session = Session.getInstance(values);
    Message message = new MimeMessage(session);
    message.setFrom(new InternetAddress(values.getProperty("mail.smtp.from")));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress("${to}"));
    message.setSubject("${subject}");
    message.setText("Hello.");
    Transport.send(message, values.getProperty("mail.smtp.user"), "${password}");
  }
}`;
  const jar = "/usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar";
  const of = "-Djavax.net.ssl.trustStore";
  const trust = [`${of}=${store}`, `${of}Password=changeit`];
  return run("java", [...trust, "-cp", jar, writeOwn(dir, "Send.java", program)], LIMIT);
}

/** Its package excludes Postfix, so it is unpacked only. */
const EXIM = "/opt/exim4/usr/sbin/exim4";
const EXIM_USER = "Debian-exim";

const INSTALL_EXIM = `test -e ${EXIM} || {
  apt-get download exim4-daemon-light && dpkg -x exim4-daemon-light_*.deb /opt/exim4
  useradd --system --user-group --no-create-home ${EXIM_USER}
}`;

async function exim(text: string, { dir }: Login, { to, subject }: Message) {
  await run("sh", ["-ec", INSTALL_EXIM], { ...LIMIT, cwd: dir });
  const folder = join(dir, "exim");
  await run("install", ["--owner", EXIM_USER, "--directory", folder]);
  const own = `primary_hostname = exim.test
exim_path = ${EXIM}
spool_directory = ${folder}
log_file_path = ${folder}/%slog
`;
  const config = writeOwn(folder, "exim4.conf", own + text);
  await run("chmod", ["644", config]);
  const args = ["-C", config, "-odf", "-f", to, to];
  const sending = run(EXIM, args, LIMIT);
  await feed(sending, `From: ${to}\nTo: ${to}\nSubject: ${subject}\n\nHello.\n`);
  return { stdout: readFileSync(join(folder, "mainlog"), "utf8") };
}

async function alertmanager(text: string, { dir }: Login, { to, subject }: Message) {
  const routes = `
route: { receiver: mail, group_wait: 0s }
receivers:
  - name: mail
    email_configs: [{ to: "${to}", headers: { Subject: "${subject}" } }]
`;
  const config = writeOwn(dir, "alertmanager.yml", text + routes);
  const port = await freePort();
  const at = `--web.listen-address=127.0.0.1:${port}`;
  const storage = `--storage.path=${join(dir, "alertmanager")}`;
  const args = [`--config.file=${config}`, at, storage, "--cluster.listen-address="];
  const server = spawn("prometheus-alertmanager", args, { stdio: "ignore" });
  const alerts = `http://127.0.0.1:${port}/api/v2/alerts`;
  const body = JSON.stringify([{ labels: { alertname: "Down" } }]);
  const headers = { "content-type": "application/json" };
  const stop = () => void server.kill();
  try {
    await listening(port, 30_000);
    await fetch(alerts, { method: "POST", headers, body });
  } catch (error) {
    stop();
    throw error;
  }
  return { stop };
}

/** Puts all messages in `Maildir` in the home folder, which is the user nobody's: it does not deliver as root. */
export async function getmail(login: Login): Promise<void> {
  const own = ["--owner", "nobody", "--directory"];
  const folders = ["cur", "new", "tmp"].map((each) => join(login.dir, "home/Maildir", each));
  const home = join(login.dir, "home");
  await run("install", [...own, home, join(home, "Maildir"), ...folders]);
  const config = writeOwn(home, "getmailrc", textOf(login, "getmail", { protocols: ["imap"] }));
  await run("chown", ["nobody", config]);
  const args = [
    "-u",
    "nobody",
    "--",
    "env",
    `HOME=${home}`,
    "getmail",
    "--rcfile",
    config,
    "--getmaildir",
    home,
  ];
  await run("runuser", args, LIMIT);
}

/** Copies the message with this subject from the inbox to a file, by keys. @returns its path */
export async function saveWithMutt(login: Login, subject: string): Promise<string> {
  const config = writeOwn(login.dir, "muttrc", textOf(login, "mutt", { protocols: ["imap"] }));
  const saved = join(login.dir, "saved");
  const keys = `push "<limit>~s '${subject}'<enter><copy-message><kill-line>${saved}<enter><exit>"`;
  const quiet = `set confirmappend=no confirmcreate=no quit=yes`;
  const command = `stty rows 40 cols 100; mutt -n -F ${config} -e "${quiet}" -e '${keys.replaceAll("'", `'\\''`)}'`;
  const env = { ...atHome(login), TERM: "xterm" };
  await run("script", ["-qec", command, "/dev/null"], { ...LIMIT, env });
  return saved;
}

const atHome = ({ dir }: Login) => ({ ...process.env, HOME: dir });

async function feed(
  running: ReturnType<typeof run>,
  input: string,
): Promise<{ stdout: string | Buffer }> {
  running.child.stdin?.end(input);
  return running;
}
