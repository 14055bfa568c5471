import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  fetchmail,
  getmail,
  havePrograms,
  mbsync,
  msmtp,
  SENDERS,
  saveWithMutt,
  startRoundcube,
} from "@/e2e/servers/mail-programs";
import { canSend, startPostfixSender } from "@/e2e/servers/postfix-sender";
import { type Login, textOf, writeOwn } from "@/e2e/servers/program-setup";
import { createTestCertificate } from "@/e2e/servers/test-certificate";
import { listUnknownAttempts } from "@/lib/devices/attempts/queries";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Programs of Debian in front of servers that answer a login with a plain OK, as Exchange does. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
const NO_ONE = "nobody@contoso.test";
let login: Login;

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), "postkey-programs-"));
  chmodSync(dir, 0o755);
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  const device = { name: "Helpdesk", emailAccountId, protocols, rewriteFrom: true };
  const { password } = await createDevice(ada, device);
  const { ports, ca } = gateway();
  // Some of the programs run as users of their own.
  const caFile = writeOwn(dir, "ca.pem", ca);
  chmodSync(caFile, 0o644);
  login = { dir, ports, caFile, user: ALICE, password };
});
afterAll(() => rmSync(login.dir, { recursive: true, force: true }));

const run = (script: string) => gateway().python(script, login.password);
const mail = (subject: string, body: string) =>
  `From: ${ALICE}\r\nTo: ${ALICE}\r\nSubject: ${subject}\r\n\r\n${body}\r\n`;

/** Into Alice's inbox, byte for byte. */
async function put(subject: string, body = "Hello."): Promise<void> {
  const file = writeOwn(login.dir, "one", mail(subject, body));
  const append = `imap().append("INBOX", None, None, open("${file}", "rb").read())`;
  expect(await run(`print(${append}[0])`)).toBe("OK");
}

/** The messages of the inbox, of long ones the beginning. */
const inbox = async (): Promise<string[]> =>
  JSON.parse(
    await run(`import json
client = imap()
client.select("INBOX", readonly=True)
found = [client.fetch(id, "(BODY.PEEK[])")[1][0][1] for id in client.search(None, "ALL")[1][0].split()]
print(json.dumps([text.decode("latin1")[:2000] for text in found]))`),
  );
const count = async (subject: string) =>
  (await inbox()).filter((text) => text.includes(`Subject: ${subject}`)).length;

const BY_STARTTLS = ["Printer or scanner", "WordPress", "PHP", "Python", "Java", "msmtp"];
const READING = ["Python", "Node.js", "Thunderbird and other mail programs"];
const BY_TESTS_BELOW = ["fetchmail", "getmail", "mbsync", "Postfix", "Roundcube"];
const SENDING = [
  ...Object.keys(SENDERS)
    .filter((label) => label !== "Alertmanager")
    .map((label) => ({ label, tls: "implicit" as const })),
  ...[...BY_STARTTLS, "Alertmanager"].map((label) => ({ label, tls: "starttls" as const })),
];

test.runIf(havePrograms).for(SENDING)(
  "$label sends, set up as its page says ($tls)",
  { timeout: 90_000 },
  async ({ label, tls }) => {
    const dir = join(login.dir, `${label} ${tls}`.replaceAll(" ", "-"));
    mkdirSync(dir, { mode: 0o755 });
    const reads = READING.includes(label);
    const protocols = reads ? ["imap" as const, "smtp" as const] : ["smtp" as const];
    const text = textOf(login, label, { protocols, tls });
    const subject = `By ${label} with ${tls}`;
    const sent = await SENDERS[label]?.(text, { ...login, dir }, { to: ALICE, subject });
    onTestFinished(() => sent?.stop?.());
    await expect
      .poll(() => count(subject), { timeout: 15_000, message: `${sent?.stdout}` })
      .toBe(1);
    if (reads) expect(`${sent?.stdout}`).toContain(ALICE);
  },
);

test("each page is about a program that is run here, or in the test of Request Tracker", () => {
  const pages = readdirSync("docs/software").filter((name) => name !== "README.md");
  const titles = pages.map(
    (name) => readFileSync(join("docs/software", name), "utf8").split("\n")[0],
  );
  const run = [...Object.keys(SENDERS), ...BY_TESTS_BELOW, "Request Tracker"];
  expect(titles.sort()).toEqual(run.map((label) => `# ${label}`).sort());
});

test.runIf(havePrograms)(
  "fetchmail by POP3, getmail and mutt read, set up as their pages say",
  async () => {
    await put("Read me");
    const taken = join(login.dir, "by-pop3");
    await fetchmail(login, writeOwn(login.dir, "taker", `#!/bin/sh\ncat >> ${taken}\n`), "pop3");
    await getmail(login);
    const maildir = join(login.dir, "home/Maildir/new");
    const got = readdirSync(maildir).map((file) => readFileSync(join(maildir, file), "latin1"));
    for (const text of [
      readFileSync(taken, "latin1"),
      got.join(),
      readFileSync(await saveWithMutt(login, "Read me"), "latin1"),
    ])
      expect(text).toContain("Subject: Read me");
  },
  120_000,
);

test.runIf(havePrograms)(
  "fetchmail hands all of a message to a delivery agent that pauses for longer than a minute",
  async () => {
    const lines = 150_000;
    await put("Large", "A line that says that it is one.\r\n".repeat(lines));
    const taken = join(login.dir, "taken");
    const part = `"${taken}.$$"`;
    const script = `#!/bin/sh
head -c 100000 > ${part}
test $(wc -c < ${part}) -lt 90000 || sleep 75
cat >> ${part}
cat ${part} >> ${taken}
`;
    await fetchmail(login, writeOwn(login.dir, "agent", script));
    expect(readFileSync(taken, "latin1").split("says that it is one.")).toHaveLength(lines + 1);
  },
  300_000,
);

test.runIf(havePrograms)(
  "mbsync brings hundreds of messages both ways, each once and unchanged",
  async () => {
    const near = join(login.dir, "Maildir/INBOX");
    const readNear = () =>
      ["cur", "new"].flatMap((each) =>
        readdirSync(join(near, each)).map((file) => readFileSync(join(near, each, file), "latin1")),
      );
    const ofSync = (texts: string[]) =>
      texts
        .flatMap((text) => /^Subject: Sync (\d+)\r?$[\s\S]*^Text \1\r?$/m.exec(text)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b);
    for (let at = 0; at < 20; at += 1) await put(`Sync ${at}`, `Text ${at}`);
    await mbsync(login);
    for (let at = 20; at < 300; at += 1)
      writeOwn(near, `new/${at}.test`, mail(`Sync ${at}`, `Text ${at}`).replaceAll("\r", ""));
    await mbsync(login);
    await mbsync(login);
    const wanted = Array.from({ length: 300 }, (_, at) => at);
    expect([ofSync(readNear()), ofSync(await inbox())]).toEqual([wanted, wanted]);
  },
  300_000,
);

test.runIf(canSend())(
  "the failure notice of a Postfix arrives, whose envelope has no sender",
  async () => {
    const dir = join(login.dir, "sender");
    mkdirSync(dir, { mode: 0o755 });
    const postfix = await startPostfixSender({ ...login, dir, faster: 60 });
    const transport = createTransport({ host: "127.0.0.1", port: postfix.port, ignoreTLS: true });
    await transport.sendMail({ from: ALICE, to: NO_ONE, subject: "To no one", text: "Hello." });
    const notices = () => count("Undelivered Mail Returned");
    await expect.poll(notices, { timeout: 60_000, interval: 1_000 }).toBe(1);
    expect(postfix.waiting()).toBe(0);
    await postfix.close();
  },
  120_000,
);

test.runIf(havePrograms)(
  "msmtp hears the cause of a refusal, and leaves a trace without trust, as mbsync does",
  async () => {
    const refused = msmtp(login, { to: NO_ONE, message: mail("Refused", "Hello.") });
    await expect(refused).rejects.toThrow("550 5.1.10");
    const { caPem } = await createTestCertificate(join(login.dir, "other"));
    const doubting = { ...login, caFile: writeOwn(login.dir, "other.pem", caPem) };
    const seen = async () => (await listUnknownAttempts(ada)).map(({ outcome }) => outcome);
    const sends = () => msmtp(doubting, { to: ALICE, message: mail("x", "x") });
    for (const uses of [sends, () => mbsync(doubting)]) {
      await db().deviceAttempt.deleteMany();
      await expect(uses()).rejects.toThrow();
      await expect.poll(seen).toEqual([expect.stringMatching(/^tls_(?:unused|untrusted)$/)]);
    }
  },
  60_000,
);

test.runIf(havePrograms)(
  "Roundcube moves a message, and erases none that another client marked",
  async () => {
    for (const subject of ["Marked by another", "Move me"]) await put(subject);
    const marks = `client = imap()
client.select("INBOX")
print(client.store(client.search(None, "SUBJECT", "Marked")[1][0].decode(), "+FLAGS", "\\\\Deleted")[0])`;
    expect(await run(marks)).toBe("OK");
    const { url, stop } = await startRoundcube(login);
    const isUp = () => fetch(url).then(Boolean, () => false);
    await expect.poll(isUp, { timeout: 15_000 }).toBe(true);
    const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const page = await browser.newPage();
    await page.goto(url);
    await page.fill("[name=_user]", ALICE);
    await page.fill("[name=_pass]", login.password);
    await page.click("#rcmloginsubmit");
    const row = page.locator("#messagelist tr.message", { hasText: "Move me" });
    await row.click();
    // Roundcube ignores commands while it loads.
    await page.frameLocator("#messagecontframe").getByText("Hello.").waitFor();
    await page.keyboard.press("Delete");
    await row.waitFor({ state: "hidden" });
    await expect.poll(() => count("Move me")).toBe(0);
    expect(await count("Marked by another")).toBe(1);
    await browser.close();
    stop();
  },
  120_000,
);
