import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { DeviceRow, GatewayDescription } from "@/lib/access/devices/schema";
import { instructionsFor } from "./instructions";

const device: DeviceRow = {
  ...{ id: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10", version: 1, name: "Scanner", prefix: "abc123" },
  ...{ state: "active", paused: false, emailAccountId: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a11" },
  ...{ accountName: "Scans", emailAddress: "scans@contoso.test", protocols: ["imap", "smtp"] },
  ...{ senders: ["mfp@contoso.test"], rewriteFrom: false, networks: [], messagesPerMinute: null },
  ...{
    expiresOn: null,
    expiresAt: null,
    createdAt: new Date(0),
    createdByName: "Ada",
    makerNote: null,
    revokedAt: null,
    revokedByName: null,
  },
  ...{ lastUsedAt: null, lastAddress: null, lastClient: null, lastTlsVersion: null },
  ...{ lastRefusedAt: null, messages: 0, bytes: 0 },
};

const gateway = (changes: Partial<GatewayDescription> = {}): GatewayDescription => ({
  host: "mail.postkey.test",
  listeners: [
    { protocol: "smtp", tls: "starttls", port: 587 },
    { protocol: "smtp", tls: "implicit", port: 465 },
    { protocol: "imap", tls: "starttls", port: 143 },
  ],
  hasOwnAuthority: true,
  ...changes,
});

describe("instructions for a device", () => {
  test.each(instructionsFor(device, gateway()).map(({ label, text }) => [label, text]))(
    "%s: names the server, the port, and the user",
    (label, text) => {
      expect(text).toContain("mail.postkey.test");
      expect(text).toContain(label === "Python, reading" ? "143" : "465");
      expect(text).not.toContain("587");
      expect(text).toContain("scans@contoso.test");
      expect(text).toContain("PASSWORD");
      expect(text).not.toContain("undefined");
    },
  );

  test("the scripts for Python are such, with either encryption", async () => {
    const starttls = gateway({ listeners: [{ protocol: "smtp", tls: "starttls", port: 587 }] });
    const implicit = gateway({ listeners: [{ protocol: "imap", tls: "implicit", port: 993 }] });
    for (const each of [gateway(), starttls, implicit]) {
      const scripts = instructionsFor(device, each).filter(({ label }) => /^Python/.test(label));
      expect(scripts.length).toBeGreaterThan(0);
      for (const { text } of scripts)
        await promisify(execFile)("python3", [
          "-c",
          `compile(${JSON.stringify(text)}, "x", "exec")`,
        ]);
    }
  });

  test("leave out what a device may not do, or no listener offers", () => {
    const labels = (protocols: DeviceRow["protocols"], description = gateway()) =>
      instructionsFor({ ...device, protocols }, description).map(({ label }) => label);
    expect(labels(["imap"])).toEqual(["Python, reading", "Mail program"]);
    expect(labels(["pop3"])).toEqual([]);
    expect(labels(["smtp"], gateway({ listeners: [] }))).toEqual([]);
  });
});
