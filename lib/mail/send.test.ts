import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { dialogue, upgrade } from "@/e2e/servers/scripted-server";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import type { MailEndpoint } from "@/lib/egress/schema";
import { env } from "@/lib/kernel/env";
import { TAKES_MAIL, withScriptedMail } from "@/lib/testing/scripted-mail";
import { sendMail } from "./send";

const mail = withScriptedMail();
let elsewhere: TestCertificate;
let untrusted: TestCertificate;

beforeAll(async () => {
  const make = (name: string, names?: string) =>
    createTestCertificate(path.join(mail().dir, name), names === undefined ? {} : { names });
  [elsewhere, untrusted] = [await make("elsewhere", "DNS:elsewhere.test"), await make("untrusted")];
  env().extraCaPem += `\n${elsewhere.caPem}`;
});

const CERTIFICATES = {
  trusted: () => mail().certificate,
  elsewhere: () => elsewhere,
  untrusted: () => untrusted,
} as const;

function serve(tls: MailEndpoint["tls"], name: keyof typeof CERTIFICATES) {
  const certificate = CERTIFICATES[name]();
  if (tls === "implicit") return mail.serve(dialogue("220 hi", TAKES_MAIL), certificate);
  const beforeTls = dialogue("220 hi", [
    [/^EHLO/, "250 STARTTLS"],
    [
      /^STARTTLS/,
      (socket) => {
        socket.write("220 go\r\n");
        upgrade(certificate, TAKES_MAIL)(socket);
      },
    ],
  ]);
  return mail.serve(beforeTls, null);
}

const send = (endpoint: MailEndpoint) =>
  sendMail({
    endpoint,
    credential: { kind: "password", user: "alice@contoso.test", password: "canary-4711" },
    from: "alice@contoso.test",
    to: ["bob@contoso.test"],
    subject: "Test",
    text: "Test",
    messageId: "<1@contoso.test>",
    isAutomatic: true,
  });

describe.each(["implicit", "starttls"] as const)("a message over %s TLS", (tls) => {
  test("goes to the server whose certificate has its name", async () => {
    const { endpoint } = await serve(tls, "trusted");
    expect(await send(endpoint)).toContain("queued");
  });

  test.each([
    ["elsewhere", "tls.wrong_name"],
    ["untrusted", "tls.untrusted_issuer"],
  ] as const)("tells nothing to one whose certificate is of %s", async (name, remedyId) => {
    const { endpoint, received } = await serve(tls, name);
    await expect(send(endpoint)).rejects.toMatchObject({ failure: { remedyId } });
    expect(received()).not.toMatch(/AUTH|MAIL/);
  });
});
