import { createServer } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listenOnLoopback } from "@/e2e/sandbox/listen";
import { listAttempts, listUnknownAttempts } from "@/lib/devices/attempts/queries";
import { pauseDevice, revokeDevice } from "@/lib/devices/mutations";
import { createEmailAccount, setEmailAccountActive } from "@/lib/email-accounts/mutations";
import { DAY_MS, elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase } from "@/lib/testing/database";
import { askCurl, askPlainly, askPython } from "@/lib/testing/device-clients";
import { python, startDeviceGateway, Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { isLong } from "@/lib/testing/long";
import { scannerOf } from "@/lib/testing/made";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { ALICE, accountForm, connectedAccount, withAccount } from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";

/** What each failure says to a device: an administrator's work never looks like a wrong password. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
const account = withAccount(ada, sandbox);
const scanner = scannerOf(ada, account);

/** What is heard by each protocol. The long run asks two real clients as well, which have to hear the same. */
async function answers(password: string, user = ALICE) {
  const heard = await askPlainly(gateway(), password, user);
  for (const ask of isLong ? [askPython, askCurl] : [])
    expect(await ask(gateway(), password, user)).toEqual(heard);
  return heard;
}

const OK = ["OK", "OK", "OK"];
const WRONG = ["[AUTHENTICATIONFAILED]", "-ERR [AUTH]", "535 5.7.8"];
const REPAIR = ["[CONTACTADMIN]", "-ERR [SYS/PERM]", "454 4.7.0"];
const PASSING = ["[UNAVAILABLE]", "-ERR [SYS/TEMP]", "454 4.7.0"];
const FORBIDDEN = ["[AUTHORIZATIONFAILED]", "-ERR [SYS/PERM]", "454 4.7.0"];
const SLOWED = ["[LIMIT]", "-ERR [LOGIN-DELAY]", "454 4.7.0"];

describe("the device itself", () => {
  test("is refused with a wrong password, another's name, and when it is revoked", async () => {
    const { id, password } = await scanner();
    expect(await answers("x".repeat(32))).toEqual(WRONG);
    expect(await answers(password, "bob@contoso.test")).toEqual(WRONG);
    const shown = async () => (await listAttempts(ada, id)).map(({ reply }) => reply);
    await expect.poll(shown).toContain("bob@contoso.test");
    const twice = await scanner();
    expect(await answers(twice.password, twice.password)).toEqual(WRONG);
    await expect.poll(() => listAttempts(ada, twice.id)).not.toEqual([]);
    expect(JSON.stringify(await listAttempts(ada, twice.id))).not.toContain(twice.password);
    await revokeDevice(ada, { id });
    expect(await answers(password)).toEqual(WRONG);
  });

  test("is told that it has expired", async () => {
    const { id, password } = await scanner();
    await db().device.update({ where: { id }, data: { expiresAt: new Date(Date.now() - DAY_MS) } });
    expect(await answers(password)).toEqual(["[EXPIRED]", "-ERR [AUTH]", "535 5.7.8"]);
  });

  test("is refused from another network, and by another protocol", async () => {
    const { password } = await scanner({ networks: ["10.0.0.0/8"] });
    expect(await answers(password)).toEqual(FORBIDDEN);
    const reader = await scanner({ protocols: ["imap"] });
    expect(await answers(reader.password)).toEqual(["OK", ...FORBIDDEN.slice(1)]);
  });

  test("is put off while it is paused", async () => {
    const { id, password } = await scanner();
    await pauseDevice(ada, { id, paused: true });
    expect(await answers(password)).toEqual(REPAIR);
  });
});

describe("the account is put off, and the console says why", () => {
  let device: Awaited<ReturnType<typeof scanner>>;
  const saidAt = (kind: "imaps" | "smtps") =>
    gateway()
      .logIn(kind, device.password)
      .then(({ socket }) => {
        socket.destroy();
        return "in";
      }, String);
  const outcomes = async () =>
    (await listAttempts(ada, device.id)).map(({ outcome, remedyId }) => [outcome, remedyId]);
  beforeAll(async () => {
    device = await scanner();
  });
  // Of many attempts only some are written down in a second: each test has a second of its own.
  beforeEach(async () => {
    const second = () => Math.floor(elapsed() / SECOND_MS);
    const before = second();
    await expect.poll(second).toBeGreaterThan(before);
  });
  afterEach(async () => {
    sandbox().faults.clearAll();
    await db().deviceAttempt.deleteMany();
  });

  test("while it is inactive", async () => {
    const { emailAccountId: id } = account;
    await setEmailAccountActive(ada, { id, active: false });
    expect(await answers(device.password)).toEqual(REPAIR);
    await setEmailAccountActive(ada, { id, active: true });
    expect(await answers(device.password)).toEqual(OK);
  });

  test.each([
    ["no one is signed in any more", "grant_revoked", [REPAIR, "sign_in_lapsed"]],
    ["the client secret has expired", "secret_expired", [REPAIR, "registration_broken"]],
    ["the platform fails", "server_error", [PASSING, "platform_away"]],
  ] as const)("when %s", async (_, fault, [expected, outcome]) => {
    sandbox().faults.set(fault);
    await letExpire(account.cloudProviderId);
    expect(await answers(device.password)).toEqual(expected);
    await expect.poll(outcomes).toContainEqual([outcome, expect.any(String)]);
    await db().platformPause.deleteMany();
    await connectedAgain();
  });

  test("when its server refuses the token, cannot be trusted, or hangs up", async () => {
    sandbox().faults.set("reply:imap:authenticate:imap.authenticate_failed");
    sandbox().faults.set("reply:pop3:authenticate:pop3.authentication_failure");
    sandbox().faults.set("smtp_auth_disabled_tenant");
    expect(await answers(device.password)).toEqual(REPAIR);
    await expect
      .poll(outcomes)
      .toContainEqual(["server_refused", expect.stringContaining("smtp.auth_disabled")]);
    sandbox().faults.clearAll();
    sandbox().faults.set("certificate_wrong_name");
    expect(await answers(device.password)).toEqual(REPAIR);
    await expect.poll(outcomes).toContainEqual(["server_certificate", "tls.wrong_name"]);
    sandbox().faults.clearAll();
    sandbox().faults.set("mail_drop");
    expect(await answers(device.password)).toEqual(PASSING);
  });

  test("when its server says that there are too many, one protocol at a time", async () => {
    sandbox().faults.set("reply:smtp:authenticate:mail.throttled");
    const [imap, pop3, smtp] = await answers(device.password);
    expect([imap, pop3, smtp]).toEqual(["OK", "OK", SLOWED[2]]);
    sandbox().faults.clearAll();
    expect(await answers(device.password)).toEqual(["OK", "OK", SLOWED[2]]);
    await connectedAgain();
    sandbox().faults.set("reply:imap:authenticate:mail.throttled:limit");
    sandbox().faults.set("reply:pop3:authenticate:mail.throttled");
    expect(await answers(device.password)).toEqual([SLOWED[0], SLOWED[1], "OK"]);
    await connectedAgain();
  });

  test("when its server says for how long, which is how long it is put off", async () => {
    sandbox().faults.set("reply:imap:authenticate:mail.throttled:backoff");
    for (const _ of ["first", "second"]) {
      expect(await saidAt("imaps")).toMatch(/NO \[LIMIT\] .* Try again in (?:89|90) seconds\./);
      sandbox().faults.clearAll();
    }
    await connectedAgain();
  });

  test("when its server lets it in, and opens no mailbox", async () => {
    sandbox().faults.set("authenticated_not_connected");
    const wire = await gateway().logIn("imaps", device.password);
    expect(await wire.ask("b SELECT INBOX", /\r\n/)).toContain("not connected");
    wire.socket.destroy();
    await expect.poll(outcomes).toContainEqual(["server_refused", "imap.not_connected"]);
    const replies = (await listAttempts(ada, device.id)).map(({ reply }) => reply);
    expect(replies).toContain("BAD User is authenticated but not connected.");
    await connectedAgain();
  });

  test("when SMTP is switched off, with the server's code for the one who looks it up", async () => {
    sandbox().faults.set("smtp_auth_disabled_tenant");
    expect(await saidAt("smtps")).toMatch(/454 4\.7\.0 .*\(5\.7\.139\)/);
  });

  test("and not when its token ended at the login: it is renewed, and the device hears nothing of it", async () => {
    const before = tokenRequests(sandbox(), "refresh_token");
    sandbox().faults.set("reply:imap:authenticate:token.expired:code", { times: 1 });
    expect(await saidAt("imaps")).toBe("in");
    expect(tokenRequests(sandbox(), "refresh_token") - before).toBe(1);
  });

  test("while what seals its tokens is another key", async () => {
    await db().tokenSet.updateMany({ data: { accessTokenSealed: `v2.${"A".repeat(80)}` } });
    expect(await answers(device.password)).toEqual(PASSING);
    await connectedAgain();
  });

  test("while the database is away", async () => {
    const mend = await breakDatabase(pool());
    expect(await answers(device.password)).toEqual(PASSING);
    mend();
    expect(await answers(device.password)).toEqual(OK);
  });

  async function connectedAgain() {
    sandbox().faults.clearAll();
    Object.assign(account, await connectedAccount(ada, sandbox()));
    device = await scanner();
  }
});

describe("the account's server can't be reached, and the device may come again", () => {
  async function heardFor(server: { host: string; port: number }, waits = {}) {
    const at = { ...server, tls: "implicit" };
    const custom = { service: "custom", modernAuthentication: false, password: "p" };
    const form = accountForm({ ...custom, hosts: { imap: at, smtp: at, pop3: at } });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const { password } = await scanner({ emailAccountId });
    const away = await startDeviceGateway(waits);
    return askPlainly(away, password).finally(away.stop);
  }

  test("because its name is not found", async () => {
    expect(await heardFor({ host: "mail.nowhere.invalid", port: 993 })).toEqual(PASSING);
  });

  test("because it says nothing", async () => {
    const { port, close } = await listenOnLoopback(createServer);
    const { privateHosts, mailPorts } = env();
    Object.assign(env(), { privateHosts: new Set(["localhost"]), mailPorts: new Set([port]) });
    expect(await heardFor({ host: "localhost", port }, { signInMs: 300 })).toEqual(PASSING);
    Object.assign(env(), { privateHosts, mailPorts });
    await close();
  });
});

describe("what fails before a device can be told", () => {
  const seen = async () => (await listUnknownAttempts(ada)).map(({ outcome }) => outcome);

  test("is shown when it does not trust the certificate, with or without a word, or talks no TLS", async () => {
    const { smtps } = gateway().ports;
    const distrust = `import smtplib, ssl
try:
    smtplib.SMTP_SSL("localhost", ${smtps}, context=ssl.create_default_context())
except ssl.SSLError:
    pass`;
    await python(distrust, {});
    await expect.poll(seen).toContain("tls_untrusted");
    (await gateway().open("smtps")).socket.end();
    await expect.poll(seen).toContain("tls_unused");
    const plain = await Wire.open(smtps);
    plain.write("EHLO scanner\r\n");
    await plain.closed();
    await expect.poll(seen).toContain("tls_not_spoken");
  });

  test("is shown when it waits for a greeting at a port for TLS, or begins TLS where it has to ask", async () => {
    await db().deviceAttempt.deleteMany();
    const { smtps, smtp } = gateway().ports;
    const mistaken = `import smtplib, ssl
for connect in [lambda: smtplib.SMTP("localhost", ${smtps}, timeout=3), lambda: smtplib.SMTP_SSL("localhost", ${smtp}, timeout=3)]:
    try:
        connect()
    except OSError as error:
        print(type(error).__name__)`;
    const told = async () => {
      await python(mistaken, {});
      return seen();
    };
    // A busy machine takes the connection after the client has given up.
    const wanted = expect.arrayContaining(["tls_not_spoken", "tls_at_once"]);
    await expect.poll(told).toEqual(wanted);
  });
});
