import { execFile } from "node:child_process";
import { type DeviceGateway, python } from "./device-gateway";
import { ALICE } from "./sign-in";

type Kinds = "imap" | "pop3" | "smtp";

/** What IMAP, POP3 and SMTP said to a login, by the codes alone: `[LIMIT]`, `-ERR [AUTH]`, `535 5.7.8`. */
type Said = (string | undefined)[];

/** Logs in over connections of our own, at the ports that take TLS at once. */
export async function askPlainly({ logIn }: DeviceGateway, password: string, user = ALICE) {
  const said = async (protocol: Kinds) => {
    try {
      const wire = await logIn(`${protocol}s`, password, user);
      wire.socket.destroy();
      return "OK";
    } catch (error) {
      return String(error);
    }
  };
  const [imap, pop3, smtp] = await Promise.all([said("imap"), said("pop3"), said("smtp")]);
  return codesOf({ imap, pop3, smtp });
}

/** Logs in by Python's imaplib, poplib and smtplib, likewise. */
export async function askPython({ ports, caFile }: DeviceGateway, password: string, user = ALICE) {
  const said = (protocol: Kinds) =>
    python(PYTHON[protocol], {
      PORT: `${ports[`${protocol}s`]}`,
      CA: caFile,
      USER_NAME: user,
      PASSWORD: password,
    });
  const [imap, pop3, smtp] = await Promise.all([said("imap"), said("pop3"), said("smtp")]);
  return codesOf({ imap, pop3, smtp });
}

const BEGIN = `
import os, ssl, imaplib, poplib, smtplib
port, user, password = int(os.environ["PORT"]), os.environ["USER_NAME"], os.environ["PASSWORD"]
context = ssl.create_default_context(cafile=os.environ["CA"])
try:
`;
const END = `
    print("OK")
except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPException) as error:
    print(error)
`;

const PYTHON: Readonly<Record<Kinds, string>> = {
  imap: `${BEGIN}
    imaplib.IMAP4_SSL("localhost", port, ssl_context=context).login(user, password)${END}`,
  pop3: `${BEGIN}
    client = poplib.POP3_SSL("localhost", port, context=context)
    client.user(user); client.pass_(password)${END}`,
  smtp: `${BEGIN}
    client = smtplib.SMTP_SSL("localhost", port, context=context)
    client.ehlo(); client.user, client.password = user, password
    code, text = client.auth("PLAIN", client.auth_plain)${END}`,
};

/** Logs in by curl, likewise. */
export async function askCurl({ ports, caFile }: DeviceGateway, password: string, user = ALICE) {
  const said = async (protocol: Kinds) => {
    const url = `${protocol}s://localhost:${ports[`${protocol}s`]}`;
    const login = ["--cacert", caFile, "--user", `${user}:${password}`];
    const { isDone, heard } = await curl(...login, "-X", "NOOP", url);
    return isDone ? "OK" : linesHeard(heard);
  };
  const [imap, pop3, smtp] = await Promise.all([said("imap"), said("pop3"), said("smtp")]);
  return codesOf({ imap, pop3, smtp });
}

/** What curl hears on its way, in lines that begin with `< `, and whether it did what it was told. */
function curl(...args: string[]): Promise<{ isDone: boolean; heard: string }> {
  return new Promise((done) => {
    execFile("curl", ["-sv", "--max-time", "60", ...args], (error, _out, heard) =>
      done({ isDone: error === null, heard }),
    );
  });
}

/** Those that the server said last: before them are its greeting and what it can do. */
function linesHeard(verbose: string): string {
  return verbose
    .split(/\r?\n/)
    .filter((line) => line.startsWith("< "))
    .slice(-2)
    .join("\n");
}

function codesOf(said: Record<Kinds, string>): Said {
  const { imap, pop3, smtp } = said;
  const [, code, enhanced] = /(\d{3})\D{1,5}(\d\.\d\.\d)/.exec(smtp) ?? [];
  return [
    /\[[A-Z]+\]/.exec(imap)?.[0] ?? imap,
    /-ERR \[[\w/-]+\]/.exec(pop3)?.[0] ?? pop3,
    code === undefined ? smtp : `${code} ${enhanced}`,
  ];
}
