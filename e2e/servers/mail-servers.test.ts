import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MailCredential } from "@/lib/mail/credential";
import { probeImap } from "@/lib/mail/imap";
import { probePop3 } from "@/lib/mail/pop3";
import type { ProbeInput } from "@/lib/mail/probe-run";
import { probeSmtp } from "@/lib/mail/smtp";
import { stageOrder } from "@/lib/mail/stage-order";
import { probing } from "@/lib/testing/egress";
import { folderOfFile } from "@/lib/testing/folder";
import { expectNoSecret } from "@/lib/testing/secrets";
import { createTokenIssuer } from "./access-tokens";
import { isAvailable, type MailServers, startMailServers, unavailableReason } from "./mail-servers";

const ALICE = "alice@contoso.test";
const ISSUER = "https://login.test/tenant/";
const AUDIENCE = "https://outlook.office.com";
const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;
const PROTOCOLS = ["imap", "smtp", "pop3"] as const;
/** Of servers that are no known service's. */
const REFUSED = "mail.token_refused";

const GREETING = {
  imap: /^server: \* OK .*ready/,
  smtp: /^server: 220 \S+ ESMTP/,
  pop3: /^server: \+OK .*ready/,
} as const;
const PASSWORD = { kind: "password", user: ALICE, password: "app-password" } as const;

const issuer = createTokenIssuer({
  iss: ISSUER,
  aud: AUDIENCE,
  upn: ALICE,
  azp: "client",
  scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
});

describe.skipIf(!isAvailable())(`Dovecot and Postfix ${unavailableReason() ?? ""}`, () => {
  const dir = folderOfFile();
  let servers: MailServers;

  beforeAll(async () => {
    servers = await startMailServers({
      dir,
      issuer: ISSUER,
      audience: AUDIENCE,
      publicKeys: issuer.publicKeys,
      clientIds: ["client"],
      users: [ALICE],
      password: "app-password",
    });
  }, 60_000);

  afterAll(() => servers?.close());

  const input = (credential: MailCredential, changes: Partial<ProbeInput> = {}) => ({
    ...probing(servers.caPem),
    credential: async () => credential,
    ...changes,
  });

  describe.each(PROTOCOLS)("%s", (protocol) => {
    test("passes every stage in both modes of TLS, and writes down what was said without a secret", async () => {
      const accessToken = issuer.issue();
      for (const credential of [token(accessToken), PASSWORD])
        for (const endpoint of [servers[protocol], servers.other[protocol]]) {
          const report = await PROBES[protocol]({ ...input(credential), endpoint });
          const stages = report.stages.map(({ stage, status }) => `${stage} ${status}`);
          const expected = stageOrder(protocol, endpoint.tls).map((stage) => `${stage} ok`);
          expect({ verdict: report.verdict, stages }).toEqual({ verdict: "ok", stages: expected });
          const said = report.transcript?.map(({ by, text }) => `${by}: ${text}`) ?? [];
          expect(said[0]).toMatch(GREETING[protocol]);
          expect(said.filter((line) => GREETING[protocol].test(line))).toHaveLength(1);
          expect(said.join("\n")).toMatch(/^client: .*‹(token of|password for)/m);
          expect(said.at(-1)).toMatch(/^client: .*(LOGOUT|QUIT)$/);
          expectNoSecret(report, accessToken, PASSWORD.password);
        }
    });

    test("names a wrong password", async () => {
      const credential = { kind: "password", user: ALICE, password: "wrong-canary" } as const;
      const report = await PROBES[protocol]({ ...input(credential), endpoint: servers[protocol] });
      expect(report.failure).toMatchObject({ remedyId: "password.refused", retryable: false });
      expectNoSecret(report, credential.password);
    });

    test("names the refusal of a token, and never shows it", async () => {
      const accessToken = issuer.issue({ exp: 1_600_000_000 });
      const asked = { ...input(token(accessToken)), endpoint: servers[protocol] };
      const report = await PROBES[protocol](asked);
      expect(report.failure).toMatchObject({ remedyId: REFUSED, retryable: false });
      const failed = report.stages.find(({ status }) => status === "failed");
      expect(failed?.stage).toBe("authenticate");
      expectNoSecret(report, accessToken);
    });
  });

  test("SMTP refuses a sender that breaks out of its line", async () => {
    const sender = "a@b>\r\nRCPT TO:<victim@contoso.test";
    const report = await probeSmtp({
      ...input(token(issuer.issue()), { sender }),
      endpoint: servers.smtp,
    });
    expect(report.failure?.remedyId).toBe("mail.invalid_credential");
  });

  test("SMTP passes without a sender and says that nothing was offered", async () => {
    const { sender: _sender, ...rest } = input(token(issuer.issue()));
    const report = await probeSmtp({ ...rest, endpoint: servers.smtp });
    expect(report.verdict).toBe("ok");
    expect(report.stages.at(-1)).toMatchObject({ stage: "sender", status: "skipped" });
  });
});

function token(accessToken: string): MailCredential {
  return { kind: "xoauth2", user: ALICE, accessToken };
}
