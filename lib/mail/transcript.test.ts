import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { echo, leaked, secret } from "@/lib/testing/echoes";
import { expectNoSecret } from "@/lib/testing/secrets";
import type { MailCredential } from "./credential";
import { Transcript } from "./transcript";

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${"abcDEF0123456789".repeat(20)}.c2lnbmF0dXJl`;
const PASSWORD = "correct horse";
const xoauth2 = { kind: "xoauth2", user: "alice@contoso.test", accessToken: TOKEN } as const;
const password = { kind: "password", user: "alice@contoso.test", password: PASSWORD } as const;
const base64 = (text: string) => Buffer.from(text).toString("base64");

function signingIn(protocol: "imap" | "smtp" | "pop3", credential: MailCredential) {
  const transcript = new Transcript(protocol);
  transcript.protect(credential);
  transcript.isAuthenticating = true;
  return transcript;
}

const texts = (transcript: Transcript) => transcript.lines().map(({ text }) => text);
const received = (transcript: Transcript, text: string) => transcript.received(Buffer.from(text));

describe("what a client says while it signs in is made anew", () => {
  const sasl = base64(`user=alice@contoso.test\x01auth=Bearer ${TOKEN}\x01\x01`);
  const TOKEN_NAME = "‹token of 354 characters for alice@contoso.test›";
  const PASSWORD_NAME = "‹password for alice@contoso.test›";
  test.each([
    ["imap", xoauth2, `2 AUTHENTICATE XOAUTH2 ${sasl}`, `AUTHENTICATE XOAUTH2 ${TOKEN_NAME}`],
    ["imap", xoauth2, sasl, TOKEN_NAME],
    ["imap", password, `3 LOGIN alice "${PASSWORD}"`, `LOGIN ${PASSWORD_NAME}`],
    ["imap", password, "4 LOGOUT", "LOGOUT"],
    ["smtp", xoauth2, `AUTH XOAUTH2 ${sasl}`, `AUTH XOAUTH2 ${TOKEN_NAME}`],
    ["smtp", password, `AUTH PLAIN ${base64(`\0a\0${PASSWORD}`)}`, `AUTH PLAIN ${PASSWORD_NAME}`],
    ["smtp", password, base64(PASSWORD), PASSWORD_NAME],
    ["smtp", password, "AUTH SECRET", PASSWORD_NAME],
    ["smtp", xoauth2, "", "‹an empty line›"],
    ["pop3", xoauth2, "AUTH XOAUTH2", "AUTH XOAUTH2"],
    ["pop3", password, "USER alice@contoso.test", "USER ‹user name›"],
    ["pop3", password, "PASS AUTH PLAIN", `PASS ${PASSWORD_NAME}`],
  ] as const)("%s", (...[protocol, credential, line, expected]) => {
    const transcript = signingIn(protocol, credential);
    transcript.sent(`${line}\r\n`);
    expect(texts(transcript)).toEqual([expected]);
  });
});

describe("a server that repeats a part of the credential", () => {
  const inBase64 = base64(`\0alice@contoso.test\0${PASSWORD}`);
  test.each([
    ["the password", password, `-ERR ${PASSWORD}`, "-ERR [removed]"],
    ["the password in base64", password, `500 What is ${inBase64}?`, /^500 What is .*\[removed\]/],
    ["a part of the token", xoauth2, `500 ${TOKEN.slice(101, 140)} is too`, "500 [removed] is too"],
    [
      "a part of the token in base64",
      xoauth2,
      `500 ${base64(`xy${TOKEN}`).slice(80, 140)}`,
      "500 [removed]",
    ],
    ["the token after other letters", xoauth2, `500 x${TOKEN}`, "500 x[removed]"],
    [
      "the token in pieces",
      xoauth2,
      TOKEN.slice(0, 27).replace(/.{9}/g, "535-5.7.3 $&\r\n"),
      "535-5.7.3 [removed]\n[removed]\n[removed]\n",
    ],
  ])("%s", (...[, credential, line, expected]) => {
    const transcript = signingIn("smtp", credential);
    received(transcript, `${line}\r\n`);
    expect(texts(transcript).join("\n")).toEqual(
      typeof expected === "string" ? expected : expect.stringMatching(expected),
    );
    expectNoSecret(texts(transcript), PASSWORD, TOKEN);
  });

  test("in whatever way", () => {
    fc.assert(
      fc.property(secret, echo, (accessToken, { write, around }) => {
        const transcript = signingIn("smtp", { ...xoauth2, accessToken });
        received(transcript, around(write(accessToken)).replace(/\n/g, "\r\n535-5.7.3 "));
        received(transcript, "\r\n");
        const said = texts(transcript).map((text) => text.replace(/^535-5\.7\.3 /, ""));
        expect(leaked(said.join(""), accessToken)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test("later, when the sign-in is over", () => {
    const transcript = signingIn("smtp", password);
    transcript.isAuthenticating = false;
    transcript.sent(`MAIL FROM:<${PASSWORD}>\r\n`);
    expect(texts(transcript)).toEqual(["MAIL FROM:<[removed]>"]);
  });
});

test("a server's control characters, marks and markup do nothing", () => {
  const transcript = new Transcript("imap");
  received(transcript, "* OK \u001b[2J\u202e<script>alert(1)</script>\u0000\r\n");
  expect(texts(transcript)).toEqual(["* OK  [2J <script>alert(1)</script>"]);
});

test("a challenge in base64 is shown decoded, of several lines as one, and the lines behind it stay theirs", () => {
  const transcript = signingIn("smtp", xoauth2);
  received(transcript, `334 ${base64('{"status":\n"401"}')}\r\n535 5.7.3 no\r\n`);
  expect(texts(transcript)).toEqual(['334 ‹{"status": "401"}›', "535 5.7.3 no"]);
});

test("what was said before the credential was known shows nothing of it either", () => {
  const transcript = new Transcript("smtp");
  received(transcript, `220 ${PASSWORD}\r\n`);
  transcript.protect(password);
  expect(texts(transcript)).toEqual(["220 [removed]"]);
});

test("lines are put together from what comes in pieces, and what was put back counts once", () => {
  const transcript = new Transcript("pop3");
  transcript.receivedLine("+OK ready");
  transcript.skip("+OK ready\r\n".length);
  for (const piece of ["+OK rea", "dy\r\n+OK", " 3 ", "messages\r", "\n"])
    received(transcript, piece);
  expect(texts(transcript)).toEqual(["+OK ready", "+OK 3 messages"]);
});

test("a flood keeps its beginning and its end, in 60 lines of 300 characters", () => {
  const transcript = new Transcript("imap");
  for (let line = 1; line <= 500; line += 1)
    received(transcript, `${line} ${"x ".repeat(4_000)}\r\n`);
  const lines = texts(transcript);
  expect(lines).toHaveLength(60);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(300);
  expect(lines[0]).toMatch(/^1 /);
  expect(lines[40]).toBe("441 lines left out");
  expect(lines.at(-1)).toMatch(/^500 /);
});

test("a megabyte without a line break is not kept", () => {
  const transcript = new Transcript("imap");
  for (let chunk = 0; chunk < 16; chunk += 1) received(transcript, "x".repeat(64 * 1024));
  received(transcript, "\r\n");
  expect(JSON.stringify(transcript.lines()).length).toBeLessThan(400);
});
