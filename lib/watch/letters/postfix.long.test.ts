import { chmod, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { ImapFlow } from "imapflow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAvailable, type MailServers, startMailServers } from "@/e2e/servers/mail-servers";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import { inviteAdministrator } from "@/lib/access/administrators/mutations";
import { mailInvitation } from "@/lib/access/letters/mutations";
import { sendNextLetter } from "@/lib/keeper/letters";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { showLink } from "@/lib/sign-ins/links/owner";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, BOB, providerForm } from "@/lib/testing/sign-in";
import { createAlertChannel } from "../alerts/mutations";
import { createAlertChannelSchema } from "../alerts/schema";

const sandbox = withInstallation();
const ada = administrator();
const PASSWORD = "app-password";
const SENDER = "postkey@contoso.test";

describe.skipIf(!isAvailable())("through Postfix", () => {
  let certificate: TestCertificate;
  let servers: MailServers;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp("/tmp/postkey-letters-servers-");
    await chmod(folder, 0o755);
    certificate = await createTestCertificate(path.join(folder, "certificate"));
    const users = [ALICE, BOB, SENDER];
    const tokens = { issuer: "https://issuer.test", audience: "mail", publicKeys: {} };
    servers = await startMailServers({
      dir: folder,
      users,
      password: PASSWORD,
      certificate,
      ...tokens,
    });
    const { port } = servers.smtp;
    env().extraCaPem = `${sandbox().caPem}\n${certificate.caPem}`;
    env().privateHosts = new Set(["localhost"]);
    env().mailPorts = new Set([port]);
    const target = {
      smtp: { host: "localhost", port, tls: "starttls" },
      from: SENDER,
      user: SENDER,
    };
    const fields = { kind: "smtp", name: "Relay", recipients: "ops@contoso.test", enabled: true };
    const rest = { emailAccountId: null, password: PASSWORD, url: "", sendsLinks: true };
    await createAlertChannel(
      ada,
      createAlertChannelSchema.parse({ ...fields, ...target, ...rest }),
    );
  }, 60_000);
  afterAll(async () => {
    await servers.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function newestOf(user: string): Promise<string> {
    const { host, port } = servers.imap;
    const auth = { user, pass: PASSWORD };
    const tls = { ca: certificate.caPem };
    const client = new ImapFlow({ host, port, secure: true, tls, auth, logger: false });
    await client.connect();
    await client.mailboxOpen("INBOX");
    const message = await client.fetchOne("*", { source: true });
    client.close();
    const source = message ? (message.source?.toString() ?? "") : "";
    return source.replace(/=\r\n/g, "").replace(/=3D/g, "=");
  }

  test("the owner gets who asks, for what, until when, and a link that opens", async () => {
    const { id: cloudProviderId } = await createCloudProvider(ada, providerForm(sandbox()));
    await createSignInLinks(ada, { cloudProviderId, usernames: [ALICE], send: true });
    await sendNextLetter();
    expect(await db().letter.findFirst()).toMatchObject({
      state: "sent",
      result: expect.stringMatching(/^250/),
    });
    await expect.poll(() => newestOf(ALICE), { timeout: 20_000 }).toContain("/connect#");
    const text = await newestOf(ALICE);
    expect(text).toContain(`Subject: Please sign in ${ALICE}`);
    expect(text).toContain(`Ada asks you to sign in ${ALICE}, so that Postkey at localhost:3000`);
    expect(text).toContain("If you don't know Ada or don't expect this message");
    expect(text).toContain("Content-Type: text/plain");
    expect(text).toContain("Auto-Submitted: auto-generated");
    const [, token = ""] = /\/connect#([\w-]{43})/.exec(text) ?? [];
    expect(await showLink(token)).toMatchObject({ username: ALICE, createdByName: "Ada" });
  });

  test("an invited person gets a link", async () => {
    await db().letter.deleteMany();
    const { link } = await inviteAdministrator(ada, { role: "operator" });
    await mailInvitation(ada, { token: link.slice(link.indexOf("#") + 1), address: BOB });
    await sendNextLetter();
    await expect.poll(() => newestOf(BOB), { timeout: 20_000 }).toContain("/setup#");
    expect(await newestOf(BOB)).toContain("Subject: Ada invites you to Postkey");
  });
});
