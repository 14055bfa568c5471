import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Inboxes, openInboxes } from "@/e2e/servers/inboxes";
import { isAvailable, type MailServers, startMailServers } from "@/e2e/servers/mail-servers";
import { setEnvironment } from "./environment";
import { accountForm } from "./sign-in";

const PASSWORD = "app-password";

export type Dovecot = {
  inboxes: Inboxes;
  /** What an administrator types for a mailbox of this server. */
  accountForm(user: string, changes: Record<string, unknown>): ReturnType<typeof accountForm>;
};

/** A Dovecot for the test file, which the product may reach; where there is none it is not started. */
export function withDovecot(): () => Dovecot {
  let dir: string;
  let servers: MailServers | undefined;
  let inboxes: Inboxes;
  beforeAll(async () => {
    if (!isAvailable()) return;
    dir = await mkdtemp(path.join(tmpdir(), "postkey-dovecot-"));
    servers = await startMailServers({
      dir,
      issuer: "https://login.test/",
      audience: "https://mail.test",
      publicKeys: {},
      users: ["inbox@contoso.test"],
      password: PASSWORD,
    });
    inboxes = openInboxes(dir);
    const caFile = path.join(dir, "ca.pem");
    await writeFile(caFile, servers.caPem);
    const { imap, smtp, pop3 } = servers;
    setEnvironment({
      POSTKEY_CA_FILE: caFile,
      POSTKEY_PRIVATE_HOSTS: "localhost",
      POSTKEY_MAIL_PORTS: [imap, smtp, pop3].map(({ port }) => port).join(","),
    });
  }, 60_000);
  afterAll(async () => {
    await servers?.close();
    if (servers) await rm(dir, { recursive: true, force: true });
  });
  return () => {
    if (!servers) throw new Error("Dovecot runs during tests only.");
    const { imap, smtp, pop3 } = servers;
    const account = { service: "custom", modernAuthentication: false, password: PASSWORD };
    return {
      inboxes,
      accountForm: (user, changes) =>
        accountForm({
          ...account,
          hosts: { imap, smtp, pop3 },
          username: user,
          emailAddress: user,
          ...changes,
        }),
    };
  };
}
