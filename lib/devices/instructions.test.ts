import { describe, expect, test } from "vitest";
import { AUTHORITY, instructionsFor } from "./instructions";
import type { DeviceRow, GatewayDescription } from "./schema";

// What instructions are made of. With the programs they are tried by software.long.test.ts.
const device = {
  emailAddress: "scans@contoso.test",
  protocols: ["imap", "smtp"],
  senders: ["mfp@contoso.test"],
} as unknown as DeviceRow;

const gateway = (changes: Partial<GatewayDescription> = {}): GatewayDescription => ({
  host: "mail.postkey.test",
  listeners: [
    { protocol: "smtp", tls: "starttls", port: 2587 },
    { protocol: "smtp", tls: "implicit", port: 2465 },
    { protocol: "imap", tls: "starttls", port: 2143 },
  ],
  hasOwnAuthority: true,
  ...changes,
});
const textOf = (label: string, description = gateway(), of = device) =>
  instructionsFor(of, description)
    .find((each) => each.label === label)
    ?.parts.map(({ text }) => text)
    .join("\n\n") ?? "";

describe("instructions for a device", () => {
  test("have the device's own values, and TLS from the first byte where there is such a port", () => {
    expect(textOf("msmtp").split("\n").slice(2)).toEqual([
      "host mail.postkey.test",
      "port 2465",
      "tls on",
      "tls_starttls off",
      `tls_trust_file ${AUTHORITY}`,
      "auth on",
      "user scans@contoso.test",
      "password PASSWORD",
      "from mfp@contoso.test",
    ]);
    expect(textOf("Alertmanager")).toContain("mail.postkey.test:2587");
    expect(textOf("Python").match(/(?:IMAP4|SMTP)(?:_SSL)?\(.*?\d+/g)).toEqual([
      'SMTP_SSL("mail.postkey.test", 2465',
      'IMAP4("mail.postkey.test", 2143',
    ]);
    const listeners = [
      {
        protocol: "smtp" as const,
        tls: "starttls" as const,
        port: 2025,
        plaintext: ["10.7.0.0/16"],
      },
    ];
    const printer = textOf("Printer or scanner", gateway({ listeners }));
    expect(printer).toContain("Port: 2025, without encryption, from 10.7.0.0/16 only");
    expect(printer).toContain("Port: 2025\nEncryption: STARTTLS");
  });

  test("leave nothing of the pages' examples, and name the local authority only where there is one", () => {
    const all = [gateway(), gateway({ hasOwnAuthority: false })].map((each) =>
      JSON.stringify(
        instructionsFor(device, each).map(({ parts }) => parts.map(({ text }) => text)),
      ),
    );
    for (const texts of all)
      expect(texts).not.toMatch(/example\.com|\b(?:465|587|993|143|995|110)\b|undefined/);
    expect(all[0]).toContain(AUTHORITY);
    expect(all[1]).not.toContain(AUTHORITY);
  });

  test("take no address that would be more than text in the file", () => {
    for (const emailAddress of [
      "o'hara@contoso.test",
      "a`id`b@contoso.test",
      "x$&y@contoso.test",
    ]) {
      const [first] = instructionsFor({ ...device, emailAddress }, gateway());
      expect(JSON.stringify(first?.parts)).not.toContain(emailAddress);
      expect(first?.notes[0]).toMatch(/^Enter the addresses yourself/);
    }
    const senders = ["print-sender@example.com"];
    expect(textOf("msmtp", gateway(), { ...device, senders })).toContain(`from ${senders}`);
  });

  test("leave out what a device may not do, or no listener offers", () => {
    const labels = (protocols: DeviceRow["protocols"], description = gateway()) =>
      instructionsFor({ ...device, protocols }, description).map(({ label }) => label);
    expect(labels(["imap"])).toEqual(["Python", "Thunderbird and other mail programs"]);
    expect(labels(["pop3"])).toEqual([]);
    expect(labels(["smtp"], gateway({ listeners: [] }))).toEqual([]);
    const implicit = { protocol: "imap" as const, tls: "implicit" as const, port: 2993 };
    const both = gateway({ listeners: [...gateway().listeners, implicit] });
    expect(labels(["imap"], both)).toEqual(expect.arrayContaining(["fetchmail", "mbsync"]));
    expect(labels(["imap"], both)).not.toContain("Request Tracker");
    expect(labels(["imap", "smtp"], both)).toContain("Request Tracker");
  });
});
