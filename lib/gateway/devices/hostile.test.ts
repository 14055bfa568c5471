import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { administrator } from "@/lib/testing/actors";
import { plainOf, Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** Bytes that no client should send, and those that old ones do. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const ada = administrator();
let password: string;

beforeAll(async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  ({ password } = await createDevice(ada, { name: "Old one", emailAccountId, protocols }));
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
const open = (kind: "imap" | "imaps" | "pop3" | "pop3s" | "smtp" | "smtps") => gateway().open(kind);

describe("IMAP", () => {
  test("takes literals for both names, counted in bytes, with and without waiting", async () => {
    const waiting = await open("imaps");
    await waiting.ask(`a LOGIN {${ALICE.length}}`, /^\+ /);
    await waiting.ask(`${ALICE} {${password.length}}`, /^\+ /);
    await waiting.ask(password, /^a OK/m);
    const sent = await open("imaps");
    sent.write(`a LOGIN {${ALICE.length}+}\r\n${ALICE} {${password.length}+}\r\n${password}\r\n`);
    await sent.until(/^a OK/m);
  });

  test("a literal that holds a command is a user name and no command", async () => {
    const wire = await open("imaps");
    const user = "x\r\nb LOGOUT\r\n";
    wire.write(`a LOGIN {${user.length}+}\r\n${user} "p"\r\n`);
    expect(await wire.until(/^a .*\r\n/m)).toMatch(/^a NO \[AUTHENTICATIONFAILED\] /);
    await wire.ask("c NOOP", /^c OK/m);
  });

  test.each([
    ["a literal of a gigabyte", "a LOGIN {1073741824}\r\n"],
    ["four literals", `a LOGIN${" {1+}\r\nx".repeat(4)}\r\n`],
    ["a line without an end", "a".repeat(9_000)],
    ["a long line", `a LOGIN ${"x".repeat(9_000)} p\r\n`],
  ])("%s ends the connection", async (_, bytes) => {
    const wire = await open("imaps");
    wire.write(bytes);
    expect(await wire.closed()).toContain("* BYE");
  });

  test("commands that come with the login are answered by the account's server", async () => {
    const wire = await open("imaps");
    wire.write(`a LOGIN ${ALICE} ${password}\r\nb SELECT INBOX\r\nc NOOP\r\n`);
    const heard = await wire.until(/^c OK/m);
    expect(heard).toMatch(/^a OK[\s\S]*^b OK/m);
    expect(heard).toContain("EXISTS");
  });

  test("the second of two logins counts when the first is wrong", async () => {
    const wire = await open("imaps");
    wire.write(`a LOGIN ${ALICE} wrong\r\nb LOGIN ${ALICE} ${password}\r\nc NOOP\r\n`);
    expect(await wire.until(/^c OK/m)).toMatch(/^a NO [\s\S]*^b OK/m);
  });

  test("AUTHENTICATE takes PLAIN and LOGIN, and says what is wrong with the rest", async () => {
    const wire = await open("imaps");
    await wire.ask("a AUTHENTICATE CRAM-MD5", /^a NO/m);
    await wire.ask("b AUTHENTICATE PLAIN", /^\+ \r\n/);
    await wire.ask("*", /^b BAD/m);
    await wire.ask("c AUTHENTICATE PLAIN !!!", /^c BAD/m);
    await wire.ask(`d AUTHENTICATE PLAIN ${base64(`other\0${ALICE}\0${password}`)}`, /^d BAD/m);
    const second = await open("imaps");
    await second.ask("a AUTHENTICATE LOGIN", /^\+ VXNlcm5hbWU6\r\n/);
    await second.ask(base64(ALICE), /^\+ UGFzc3dvcmQ6\r\n/);
    await second.ask(base64(password), /^a OK/m);
  });

  test("three wrong logins are enough, and so are five lines that are no commands", async () => {
    const guesser = await open("imaps");
    for (const tag of ["a", "b", "c"]) guesser.write(`${tag} LOGIN ${ALICE} ${tag}\r\n`);
    expect(await guesser.closed()).toContain("* BYE");
    const babbler = await open("imaps");
    babbler.write("\r\n* NOOP\r\nx\r\na b c\r\n\0\0\r\n");
    expect(await babbler.closed()).toMatch(/(\* BAD [\s\S]*){2}/);
  });
});

describe("STARTTLS", () => {
  test.each([
    ["imap", "a STARTTLS\r\nb NOOP\r\n"],
    ["pop3", "STLS\r\nCAPA\r\n"],
    ["smtp", "STARTTLS\r\nEHLO x\r\n"],
  ] as const)("%s: bytes behind the command end the connection", async (kind, bytes) => {
    const wire = await open(kind);
    wire.write(bytes);
    expect(await wire.closed()).toBe("");
  });

  test.each([
    ["imap", "a STARTTLS x", /^a BAD/],
    ["pop3", "STLS x", /^-ERR/],
    ["smtp", "STARTTLS x", /^501/],
    ["imaps", "a STARTTLS", /^a BAD/],
    ["pop3s", "STLS", /^-ERR/],
    ["smtps", "STARTTLS", /^503/],
  ] as const)("%s: takes no parameter, and is refused within TLS", async (kind, line, pattern) => {
    await (await open(kind)).ask(line, pattern);
  });
});

describe("POP3", () => {
  test("has no timestamp in its greeting, and refuses APOP and what is no command", async () => {
    const wire = await Wire.open(gateway().ports.pop3s, gateway().ca);
    expect(await wire.until(/\r\n/)).not.toContain("<");
    await wire.ask("APOP x y", /^-ERR/);
    await wire.ask("NOOP", /^-ERR/);
    await wire.ask("PASS x", /^-ERR/);
    await wire.ask(`USER ${"x".repeat(300)}`, /^-ERR/);
  });

  test("takes AUTH PLAIN with and without a first response, and pipelined commands", async () => {
    const wire = await open("pop3s");
    const plain = plainOf(password);
    wire.write(`AUTH PLAIN\r\n${plain}\r\nSTAT\r\nQUIT\r\n`);
    expect(await wire.closed()).toMatch(/^\+ \r\n\+OK [\s\S]*\+OK \d+ \d+\r\n[\s\S]*\+OK/);
  });
});

describe("SMTP", () => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await open("smtps");
  });
  // A mailbox has three of them.
  afterEach(() => void wire.socket.destroy());
  const logIn = async () => {
    await wire.ask("EHLO scanner", /^250 /m);
    await wire.ask(`AUTH PLAIN ${plainOf(password)}`, /^235 /);
  };

  test("takes the ways in which old printers log in", async () => {
    await wire.ask("HELO mfp", /^250 /);
    await wire.ask(`auth login ${base64(ALICE)}`, /^334 UGFzc3dvcmQ6\r\n/);
    await wire.ask(base64(password), /^235 /);
  });

  test("answers before the login what needs none, and refuses the rest", async () => {
    const said: [string, RegExp][] = [
      ["NOOP", /^250 /],
      ["VRFY x", /^252 /],
      [`MAIL FROM:<${ALICE}>`, /^530 /],
      ["DATA", /^530 /],
      ["BDAT 9 LAST", /^502 /],
      ["AUTH CRAM-MD5", /^504 /],
      ["AUTH PLAIN !!!", /^501 /],
    ];
    for (const [line, pattern] of said) await wire.ask(line, pattern);
    wire.write("AUTH PLAIN\r\n*\r\n");
    await wire.until(/^334 \r\n501 5\.7\.0 /);
  });

  test("an over-long line ends the connection", async () => {
    wire.write(`AUTH PLAIN ${"A".repeat(13_000)}\r\n`);
    expect(await wire.closed()).toContain("500 5.5.2");
  });

  test("keeps to the device's senders", async () => {
    await logIn();
    // It is compared as it goes on: one that only looks alike is another's.
    await wire.ask(`MAIL FROM:<${ALICE.replace("a", "\xaa")}>`, /^550 5\.7\.1 /m);
    await wire.ask(`MAIL FROM:<${ALICE.toUpperCase()}> AUTH=<boss@contoso.test>`, /^250 /);
  });

  test("within a session an over-long line is answered in its turn, and so is the next", async () => {
    await logIn();
    wire.write(`NOOP\r\nMAIL FROM:<${"x".repeat(100_000)}@contoso.test>\r\nNOOP\r\n`);
    const heard = await wire.until(/(?:^\d{3} .*\r\n){3}/m);
    expect(heard.match(/^\d{3} \d\.\d\.\d/gm)).toEqual(["250 2.0.0", "500 5.5.2", "250 2.0.0"]);
    await wire.ask(`MAIL FROM:<${ALICE}>`, /^250 /);
  });

  test("fifty refused commands end a session, and not one before", async () => {
    await logIn();
    wire.write("AUTH\r\n".repeat(49));
    await wire.ask("NOOP", /(?:^503[^\n]*\n){49}250/m);
    await wire.ask("AUTH", /^421 4\.7\.0 Too many errors\./m);
    await wire.closed();
  });

  test("within a session AUTH, STARTTLS and BDAT are refused, and EHLO offers none of them", async () => {
    await logIn();
    expect(await wire.ask("EHLO again", /^250 /m)).not.toMatch(/AUTH|STARTTLS|CHUNKING/);
    await wire.ask("AUTH PLAIN AAAA", /^503 /);
    await wire.ask("STARTTLS", /^503 /);
    await wire.ask("BDAT 5 LAST", /^502 /);
    await wire.ask(`RCPT TO:<a>\rMAIL FROM:<b>`, /^500 /);
    await wire.ask("NOOP", /^250 /);
    await wire.ask("QUIT", /^221 /);
  });
});
