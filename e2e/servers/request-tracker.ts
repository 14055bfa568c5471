import { execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@/scripts/ports.mjs";
import { listening } from "./listening";
import { type Login, textOf, writeOwn } from "./program-setup";

const run = promisify(execFile);
const RIGHTS = ["CreateTicket", "ReplyToTicket"];

/** Debian's Request Tracker with an empty database, set up as its page says. */
export type RequestTracker = {
  /** Makes tickets of the mail in the inbox. */
  fetch(): Promise<void>;
  /** As its administrator, to the one who asked. */
  answer(ticket: number, text: string): Promise<void>;
  /** The number of the ticket with this subject. */
  numberOf(subject: string): Promise<number>;
  stop(): void;
};

/** @param smtpPort of the mail server that has its queue, which takes everything */
export async function startRequestTracker(login: Login, smtpPort: number): Promise<RequestTracker> {
  const folder = join(login.dir, "request-tracker");
  const configuration = join(folder, "etc");
  mkdirSync(configuration, { recursive: true });
  const port = await freePort();
  // That of the test mail server is another command's than the system's.
  const sendmail = `#!/bin/sh\nexec msmtp --host=127.0.0.1 --port=${smtpPort} "$@"\n`;
  const [page = "", fetchmailrc = ""] = textOf(login, "Request Tracker", {
    protocols: ["imap", "smtp"],
  }).split("\n\n");
  writeOwn(configuration, "80-postkey.pm", page);
  const own = {
    rtname: "rt.test",
    Organization: "rt.test",
    DatabaseType: "SQLite",
    DatabaseName: join(folder, "database"),
    WebDomain: "127.0.0.1",
    WebPort: `${port}`,
    WebPath: "",
    LogToSyslog: "",
    SendmailPath: writeOwn(folder, "sendmail", sendmail),
  };
  const sets = Object.entries(own).map(([name, value]) => `Set($${name}, '${value}');`);
  writeOwn(configuration, "90-own.pm", `${sets.join("\n")}\n1;\n`);
  const env = { ...process.env, RT_SITE_CONFIG_DIR: configuration };
  const setUp = (args: string[]) => run("rt-setup-database-5", args, { env });
  await setUp(["--action", "init", "--skip-create"]);
  const rights = RIGHTS.map(
    (right) =>
      `{ GroupDomain => "SystemInternal", GroupType => "Everyone", Queue => "General", Right => "${right}" }`,
  );
  const data = writeOwn(folder, "rights", `@ACL = (${rights.join(", ")});\n`);
  await setUp(["--action", "insert", "--datafile", data]);
  const program = "/usr/share/request-tracker5/libexec/rt-server";
  const server = spawn(program, ["--port", `${port}`], { env, stdio: "ignore" });
  await listening(port, 30_000);

  const url = `http://127.0.0.1:${port}`;
  const authorization = `Basic ${Buffer.from("root:password").toString("base64")}`;
  const config = writeOwn(folder, "fetchmailrc", fetchmailrc.replace("http://localhost/rt", url));
  const ask = (path: string, body?: object) =>
    fetch(`${url}/REST/2.0/${path}`, {
      headers: { authorization, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  return {
    async fetch() {
      const environment = { ...process.env, FETCHMAILHOME: folder };
      await run("fetchmail", ["-f", config, "--nosyslog"], { env: environment });
    },
    async answer(ticket, text) {
      const body = { Content: text, ContentType: "text/plain" };
      const response = await ask(`ticket/${ticket}/correspond`, body);
      if (!response.ok) throw new Error(await response.text());
    },
    async numberOf(subject) {
      const found = await ask(`tickets?query=${encodeURIComponent(`Subject = "${subject}"`)}`);
      return Number((await found.json()).items[0]?.id);
    },
    stop: () => void server.kill(),
  };
}
