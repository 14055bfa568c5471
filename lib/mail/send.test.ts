import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  dialogue,
  type ScriptedServer,
  startScriptedServer,
  upgrade,
} from "@/e2e/servers/scripted-server";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import { env } from "@/lib/kernel/env";
import { withDatabase } from "@/lib/testing/database";
import { sendMail } from "./send";

withDatabase();
const PASSWORD = "canary-password-4711";
const ports = new Set<number>();
let dir: string;
let trusted: TestCertificate;
let elsewhere: TestCertificate;
let untrusted: TestCertificate;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "postkey-send-"));
  const make = (name: string, names?: string) =>
    createTestCertificate(path.join(dir, name), names === undefined ? {} : { names });
  [trusted, elsewhere, untrusted] = await Promise.all([
    make("trusted"),
    make("elsewhere", "DNS:elsewhere.test"),
    make("untrusted"),
  ]);
  env().extraCaPem = `${trusted.caPem}\n${elsewhere.caPem}`;
  env().privateHosts = new Set(["localhost"]);
  env().mailPorts = ports;
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const SIGNED_IN = [
  [/^EHLO/, "250-localhost\r\n250 AUTH PLAIN"],
  [/^AUTH PLAIN/, "235 2.7.0 in"],
  [/^(MAIL|RCPT)/, "250 ok"],
  [/^DATA/, "354 go"],
  [/^\.$/, "250 2.0.0 queued"],
] as const;

const CERTIFICATES = {
  trusted: () => trusted,
  elsewhere: () => elsewhere,
  untrusted: () => untrusted,
} as const;

function serve(tls: "implicit" | "starttls", certificate: TestCertificate) {
  if (tls === "implicit") return startScriptedServer(dialogue("220 hi", SIGNED_IN), certificate);
  return startScriptedServer(
    dialogue("220 hi", [
      [/^EHLO/, "250 STARTTLS"],
      [
        /^STARTTLS/,
        (socket) => {
          socket.write("220 go\r\n");
          upgrade(certificate, SIGNED_IN)(socket);
        },
      ],
    ]),
  );
}

async function send(server: ScriptedServer, tls: "implicit" | "starttls"): Promise<string> {
  ports.add(server.port);
  return sendMail({
    endpoint: { host: "localhost", port: server.port, tls },
    credential: { kind: "password", user: "alice@contoso.test", password: PASSWORD },
    from: "alice@contoso.test",
    to: ["bob@contoso.test"],
    subject: "Test",
    text: "Test",
    messageId: "<1@contoso.test>",
    isAutomatic: true,
  });
}

describe.each(["implicit", "starttls"] as const)("a message over %s TLS", (tls) => {
  test("goes to the server whose certificate has its name", async () => {
    const server = await serve(tls, CERTIFICATES.trusted());
    expect(await send(server, tls)).toContain("queued");
    await server.close();
  });

  test.each([
    ["elsewhere", "tls.wrong_name"],
    ["untrusted", "tls.untrusted_issuer"],
  ] as const)("tells nothing to one whose certificate is of %s", async (name, remedyId) => {
    const server = await serve(tls, CERTIFICATES[name]());
    await expect(send(server, tls)).rejects.toMatchObject({ failure: { remedyId } });
    expect(server.received()).not.toMatch(/AUTH|MAIL/);
    await server.close();
  });
});
