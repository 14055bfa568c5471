import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Rule, startScriptedServer, type Talk } from "@/e2e/servers/scripted-server";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import type { MailEndpoint } from "@/lib/egress/schema";
import { env } from "@/lib/kernel/env";

/** An SMTP server that lets everyone in and takes every message. */
export const TAKES_MAIL: readonly Rule[] = [
  [/^EHLO/, "250-localhost\r\n250 AUTH PLAIN"],
  [/^AUTH PLAIN/, "235 2.7.0 in"],
  [/^(MAIL|RCPT)/, "250 ok"],
  [/^DATA/, "354 go"],
  [/^\.$/, "250 2.0.0 queued"],
];

/** A certificate of `localhost` for the test file, and a folder for more. */
export function withCertificate(): () => { dir: string; certificate: TestCertificate } {
  let made: { dir: string; certificate: TestCertificate } | undefined;
  beforeAll(async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "postkey-mail-"));
    made = { dir, certificate: await createTestCertificate(path.join(dir, "certificate")) };
  });
  afterAll(async () => {
    if (made) await rm(made.dir, { recursive: true, force: true });
  });
  return () => {
    if (!made) throw new Error("There is a certificate during tests only.");
    return made;
  };
}

/**
 * Servers that the product itself may connect to, for the test file, without a database.
 * @returns starts one, which is stopped with the file
 */
export function withScriptedMail() {
  const own = withCertificate();
  const ports = new Set<number>();
  const stops: (() => Promise<void>)[] = [];
  beforeAll(() => {
    process.env.DATABASE_URL = "postgresql://localhost/never-asked";
    process.env.POSTKEY_KEY = "00".repeat(32);
    env().extraCaPem = own().certificate.caPem;
    env().privateHosts = new Set(["localhost"]);
    env().mailPorts = ports;
  });
  afterAll(() => Promise.all(stops.map((stop) => stop())));
  /** @param certificate null: the server speaks TLS later, or never */
  async function serve(talk: Talk, certificate: TestCertificate | null = own().certificate) {
    const server = await startScriptedServer(talk, certificate ?? undefined);
    stops.push(server.close);
    ports.add(server.port);
    const tls = certificate ? "implicit" : "starttls";
    const endpoint: MailEndpoint = { host: "localhost", port: server.port, tls };
    return { ...server, endpoint };
  }
  return Object.assign(own, { serve });
}
