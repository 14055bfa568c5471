import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { DeviceRow, GatewayDescription } from "@/lib/devices/schema";
import { AUTHORITY, instructionsFor } from "./instructions";

// What instructions are made of.
const device = {
  name: "Scanner",
  emailAddress: "scans@contoso.test",
  protocols: ["imap", "smtp"],
  senders: ["mfp@contoso.test"],
  rewriteFrom: false,
} as unknown as DeviceRow;

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
  test("the scripts for Python are such, with either encryption", async () => {
    const starttls = gateway({ listeners: [{ protocol: "smtp", tls: "starttls", port: 587 }] });
    const implicit = gateway({ listeners: [{ protocol: "imap", tls: "implicit", port: 993 }] });
    for (const each of [gateway(), starttls, implicit]) {
      const scripts = instructionsFor(device, each).filter(({ label }) => /^Python/.test(label));
      expect(scripts.length).toBeGreaterThan(0);
      const compiled = scripts.map(({ text }) => `compile(${JSON.stringify(text)}, "x", "exec")`);
      await promisify(execFile)("python3", ["-c", compiled.join("\n")]);
    }
  });

  const textOf = (label: string, description: GatewayDescription) =>
    instructionsFor(device, description).find((each) => each.label === label)?.text ?? "";

  test("trust the local authority where there is one, and nothing else", () => {
    const public_ = gateway({ hasOwnAuthority: false });
    for (const label of ["ERP, Java", "PHP", "Python", "cron, msmtp", "Postfix", "Monitoring"]) {
      expect(textOf(label, gateway()), label).toContain(AUTHORITY);
      expect(textOf(label, public_), label).not.toContain(AUTHORITY);
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
