import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOfFile } from "@/lib/testing/folder";
import { type Listener, listenOnLoopback } from "../sandbox/listen";
import { createTokenIssuer } from "./access-tokens";
import { openInboxes } from "./inboxes";
import { isAvailable, type MailServers, startMailServers, unavailableReason } from "./mail-servers";

// The programs of the documentation against servers in both modes of TLS. That they work with Postkey
// itself is what e2e/programs.spec.ts looks at, with one of them; here a server of a few lines answers in its place.

const ALICE = "alice@contoso.test";
const BOB = "bob@contoso.test";
const EMPTY = "empty@contoso.test";
const ISSUER = "https://login.test/tenant/";
const AUDIENCE = "https://outlook.office.com";
const PHP = "/usr/bin/php";
const PHP_CLIENT = "docs/clients/mail.php";

const LANGUAGES = ["Node.js", "Python", "the shell", "PHP"] as const;

const run = promisify(execFile);
const issuer = createTokenIssuer({ iss: ISSUER, aud: AUDIENCE, azp: "client" });

describe.skipIf(!isAvailable())(`a documented client ${unavailableReason() ?? ""}`, () => {
  const dir = folderOfFile();
  let servers: MailServers;
  let postkey: Listener;
  let isOther = false;
  let signedIn = ALICE;
  let mailbox = ALICE;

  beforeAll(async () => {
    servers = await startMailServers({
      dir,
      issuer: ISSUER,
      audience: AUDIENCE,
      publicKeys: issuer.publicKeys,
      clientIds: ["client"],
      users: [ALICE, BOB, EMPTY],
    });
    await writeFile(path.join(dir, "ca.pem"), servers.caPem);
    postkey = await listenOnLoopback(() =>
      createServer((_request, response) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answer(isOther ? servers.other : servers)));
      }),
    );
    await openInboxes(dir).put(
      ALICE,
      "From: Carol <c@x.test>\r\nSubject: A first one\r\n\r\nx\r\n",
    );
  }, 60_000);

  afterAll(async () => {
    await postkey?.close();
    await servers?.close();
  });

  function answer({ imap, smtp, pop3 }: Pick<MailServers, "imap" | "smtp" | "pop3">) {
    return {
      access_token: issuer.issue({ upn: signedIn }),
      users: { imap: mailbox, smtp: signedIn, pop3: mailbox },
      email_address: signedIn,
      hosts: { imap, smtp, pop3 },
    };
  }

  async function runClient(program: string, args: string[]): Promise<string> {
    const caFile = path.join(dir, "ca.pem");
    const env = {
      ...process.env,
      POSTKEY_URL: `http://127.0.0.1:${postkey.port}`,
      POSTKEY_API_KEY: "pk",
      POSTKEY_ACCOUNT: "a",
      MAIL_TO: BOB,
      NODE_EXTRA_CA_CERTS: caFile,
      SSL_CERT_FILE: caFile,
      CURL_CA_BUNDLE: caFile,
    };
    return (await run(program, args, { timeout: 30_000, env })).stdout;
  }

  const clients = () => ({
    "Node.js": { program: process.execPath, args: ["docs/clients/mail.mjs"] },
    Python: { program: "/usr/bin/python3", args: ["docs/clients/mail.py"] },
    "the shell": { program: "/bin/sh", args: ["docs/clients/mail.sh"] },
    PHP: { program: PHP, args: ["-d", `curl.cainfo=${path.join(dir, "ca.pem")}`, PHP_CLIENT] },
  });

  /** Whether it can run here, or why not. */
  async function missing(language: (typeof LANGUAGES)[number]): Promise<string | null> {
    const { program } = clients()[language];
    if (!existsSync(program)) return `${program} is missing`;
    return program === PHP && !(await hasCurl()) ? "PHP has no curl" : null;
  }

  test.for(LANGUAGES)(
    "%s reads and sends in both modes, and fails where it can't read",
    async (language, { skip }) => {
      const reason = await missing(language);
      if (reason) return skip(reason);
      const { program, args } = clients()[language];
      for (const other of [false, true]) {
        isOther = other;
        const said = await runClient(program, args);
        expect(said).toContain("A first one");
        expect(said).toMatch(/sent|250 /);
      }
      mailbox = BOB;
      const failed: unknown = await runClient(program, args).catch((error: unknown) => error);
      const told = { code: expect.any(Number), stderr: expect.stringMatching(/./) };
      expect(failed).toMatchObject({ ...told, stdout: expect.not.stringMatching(/sent/) });
      [signedIn, mailbox] = [EMPTY, EMPTY];
      expect(await runClient(program, args)).toMatch(/sent|250 /);
      [signedIn, mailbox] = [ALICE, ALICE];
    },
  );
});

async function hasCurl(): Promise<boolean> {
  return /^curl$/m.test((await run(PHP, ["-m"])).stdout);
}
