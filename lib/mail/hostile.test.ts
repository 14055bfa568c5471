import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  dialogue,
  drip,
  flood,
  type Rule,
  reset,
  startScriptedServer,
  type Talk,
  upgrade,
} from "@/e2e/servers/scripted-server";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import { AppError } from "@/lib/kernel/errors";
import { createMailTls, probing } from "@/lib/testing/egress";
import { withCertificate } from "@/lib/testing/scripted-mail";
import { probeImap } from "./imap";
import { probePop3 } from "./pop3";
import { ProbeFailure } from "./probe-failure";
import type { ProbeInput } from "./probe-run";
import type { ProtocolReport } from "./schema";
import { probeSmtp } from "./smtp";

/** What each refusal means word for word, mail-errors.test.ts says: these servers do something else. */
const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;
type Protocol = keyof typeof PROBES;
/** What only time ends has little of it at first, and more where a busy machine did not come that far. */
const ENDED_BY_TIME = new Set(["mail.no_greeting", "mail.deadline", "tls.timeout"]);
const DEADLINES_MS = [500, 2_000, 8_000];
const TOKEN = "canary-access-token-4711";
const MIB = 1024 * 1024;
const own = withCertificate();

type Case = readonly [name: string, talk: Talk, remedyId: string];

const silence: Talk = () => {};
const hangUp: Talk = (socket) => socket.end();
const then =
  (...talks: Talk[]): Talk =>
  (socket) => {
    for (const talk of talks) talk(socket);
  };
const say =
  (text: string): Talk =>
  (socket) =>
    socket.write(text);

const GREETING = "* OK The Microsoft Exchange IMAP4 service is ready.";
const CAPABILITIES: Rule = [
  / CAPABILITY$/,
  "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR ID NAMESPACE\r\n{tag} OK done.",
];
const AUTHENTICATED: Rule = [/ AUTHENTICATE /, "{tag} OK AUTHENTICATE completed."];
const NAMESPACE: Rule = [/ NAMESPACE$/, '* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done.'];
const imap = (...rules: Rule[]) => dialogue(GREETING, [CAPABILITIES, ...rules]);
/** What it does at the login, at its first command behind that, and at the inbox. */
const atLogin = (answer: Rule[1]) => imap([/ AUTHENTICATE /, answer]);
const atFirst = (answer: Rule[1]) => imap(AUTHENTICATED, [/ NAMESPACE$/, answer]);
const atInbox = (...rules: Rule[]) => imap(AUTHENTICATED, NAMESPACE, ...rules);
const REFUSES = "{tag} NO AUTHENTICATE failed.";
const FULL = "* BYE Too many simultaneous connections. 11";
const EXPIRED = "* BYE Session invalidated - AccessTokenExpired";
const UNCONNECTED = "{tag} BAD User is authenticated but not connected.";

const IMAP_CASES: readonly Case[] = [
  ["that never greets", silence, "mail.no_greeting"],
  ["whose greeting drips", drip("* OK ready soon ", 50), "mail.no_greeting"],
  ["whose greeting never ends", flood("A"), "mail.flood"],
  ["that greets with BYE", say("* BYE Server shutting down.\r\n"), "imap.bye"],
  ["that is full", say(`${FULL}\r\n`), "mail.throttled"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that counts everybody in", say("* PREAUTH Welcome.\r\n"), "imap.preauthenticated"],
  ["that resets after the greeting", then(say(`${GREETING}\r\n`), reset), "mail.connection_lost"],
  ["that is silent after the greeting", dialogue(GREETING, []), "mail.deadline"],
  ["with passwords only", dialogue("* OK [CAPABILITY AUTH=PLAIN] hi", []), "mail.no_xoauth2"],
  ["that is silent at the login", imap(), "mail.deadline"],
  ["that floods lines at the login", atLogin(flood("* OK busy\r\n")), "mail.deadline"],
  ["that floods a line at the login", atLogin(flood("* ")), "mail.flood"],
  [
    "with a challenge that is not base64",
    imap([/ AUTHENTICATE /, "+ !!!"], [/^$/, "2 NO AUTHENTICATE failed."]),
    "imap.authenticate_failed",
  ],
  ["that announces a literal of a gigabyte", atLogin("* OK {999999999}"), "mail.flood"],
  ["with terminals' text", atLogin("{tag} NO \u001b[2J\u202e"), "imap.authenticate_failed"],
  ["that ends in an answer", atLogin(then(say("* OK almo"), hangUp)), "mail.connection_lost"],
  ["that says goodbye and then refuses", atLogin(`${FULL}\r\n${REFUSES}`), "mail.throttled"],
  ["that refuses and says goodbye", atLogin(`${REFUSES}\r\n${FULL}`), "imap.authenticate_failed"],
  [
    "that says goodbye before it cannot read a command",
    atInbox([/ STATUS /, `${EXPIRED}\r\n{tag} BAD no`]),
    "token.expired",
  ],
  ["that refuses every command after the login", atFirst(UNCONNECTED), "imap.not_connected"],
  ["that hangs up when refused", atFirst(then(say("* BYE 14\r\n"), hangUp)), "imap.bye"],
  ["whose token ends in between", atFirst(EXPIRED), "token.expired"],
  [
    "without an inbox",
    atInbox([/ STATUS /, "{tag} NO No such mailbox."], [/ LIST /, "{tag} OK done."]),
    "imap.mailbox_refused",
  ],
];

const EHLO: Rule = [/^EHLO /, "250-smtp.test\r\n250-SIZE 1000\r\n250 AUTH LOGIN XOAUTH2"];
const smtp = (...rules: Rule[]) => dialogue("220 smtp.test ready", [EHLO, ...rules]);
const atAuth = (answer: Rule[1]) => smtp([/^AUTH/, answer]);
const atEhlo = (answer: Rule[1]) => dialogue("220 hi", [[/^EHLO/, answer]]);
const CHALLENGE = "eyJzdGF0dXMiOiI0MDEifQ==";

const SMTP_CASES: readonly Case[] = [
  ["that is a tarpit", drip("220-wait\r\n", 5), "mail.no_greeting"],
  ["that floods the greeting", flood("220-wait\r\n"), "mail.flood"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that refuses the client", say("554 5.7.1 go away\r\n"), "smtp.client_refused"],
  ["without AUTH", atEhlo("250-x\r\n250 SIZE 1"), "smtp.auth_not_offered"],
  ["with passwords only", atEhlo("250-x\r\n250 AUTH LOGIN PLAIN"), "mail.no_xoauth2"],
  ["that is silent after AUTH", smtp(), "mail.deadline"],
  ["that floods 334 after AUTH", atAuth(flood("334-more\r\n")), "mail.flood"],
  ["that asks for ever", smtp([/^AUTH|^$/, `334 ${CHALLENGE}`]), "smtp.auth_unsuccessful"],
  ["that resets after AUTH", atAuth(reset), "mail.connection_lost"],
];

const CAPA: Rule = [/^CAPA$/, "+OK\r\nTOP\r\nSASL PLAIN XOAUTH2\r\n."];
const GO: Rule = [/^AUTH XOAUTH2$/, "+ "];
const pop3 = (...rules: Rule[]) => dialogue("+OK ready", [CAPA, ...rules]);
const atCapa = (answer: Rule[1]) => dialogue("+OK", [[/^CAPA/, answer]]);
const atToken = (answer: Rule[1], ...rules: Rule[]) => pop3(GO, [/^dXNlcj/, answer], ...rules);

const POP3_CASES: readonly Case[] = [
  ["with a banner of 513 characters", say(`+OK ${"A".repeat(513)}\r\n`), "mail.flood"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that refuses at once", say("-ERR go away\r\n"), "pop3.refused"],
  ["whose capabilities never end", atCapa(then(say("+OK\r\n"), flood("TOP\r\n"))), "mail.flood"],
  ["whose capabilities lack their end", atCapa("+OK\r\nTOP"), "mail.deadline"],
  ["without XOAUTH2", atCapa("+OK\r\nSASL PLAIN\r\n."), "mail.no_xoauth2"],
  ["that does not go on after AUTH", pop3(), "mail.deadline"],
  ["that resets after the token", atToken(reset), "mail.connection_lost"],
  [
    "that refuses with a challenge",
    atToken(`+ ${CHALLENGE}`, [/^$/, "-ERR [AUTH] failed"]),
    "pop3.authentication_failure",
  ],
  ["that answers nonsense", atToken("whatever"), "mail.protocol_error"],
  ["that refuses STAT", atToken("+OK", [/^STAT/, "-ERR no"]), "pop3.mailbox_refused"],
];

describe.each([
  ["imap", IMAP_CASES],
  ["smtp", SMTP_CASES],
  ["pop3", POP3_CASES],
] as const)("%s", (protocol, cases) => {
  test.concurrent.each(cases)("names a server %s", async (...[, talk, remedyId]) => {
    await expectNamed(protocol, { talk, certificate: own().certificate }, remedyId);
  });

  test("names a web server on its TLS port, and not a mail server that wants STARTTLS", async () => {
    const talk: Talk = (socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n"));
    };
    const report = await probe(protocol, { talk });
    expect(report.failure).toMatchObject({
      remedyId: "mail.wrong_service",
      serverText: "HTTP/1.1 400 Bad Request",
    });
    expect(failedStage(report)).toBe("tls");
  });

  const resetsTls: Talk = (socket) => socket.once("data", () => socket.resetAndDestroy());
  test.concurrent.each<Case>([
    ["is not spoken", say("220 plain +OK * OK\r\n"), "tls.not_spoken"],
    ["hangs", silence, "tls.timeout"],
    ["is reset", resetsTls, "tls.interrupted"],
  ])("names a server whose TLS %s", async (...[, talk, remedyId]) => {
    await expectNamed(protocol, { talk }, remedyId);
  });

  test("takes no more of a flood than its limit and what lies between the two", async () => {
    let flooded = () => 0;
    const talk: Talk = (socket) => {
      flooded = () => socket.bytesWritten;
      flood("A")(socket);
    };
    await probe(protocol, { talk, certificate: own().certificate });
    expect(flooded()).toBeLessThan(24 * MIB);
  });

  test("is aborted when no one waits any more", async () => {
    const abort = new AbortController();
    const talk: Talk = () => setImmediate(() => abort.abort());
    const input = { signal: abort.signal };
    const report = await probe(protocol, { talk, certificate: own().certificate, input });
    expect(report).toMatchObject({ verdict: "aborted", failure: { remedyId: "postkey.aborted" } });
  });
});

const OFFERS: Rule = [/^EHLO/, "250 STARTTLS"];
const atStartTls = {
  imap: (answer: Rule[1]) => dialogue("* OK ready", [[/ STARTTLS$/, answer]]),
  smtp: (answer: Rule[1]) => dialogue("220 hi", [OFFERS, [/^STARTTLS/, answer]]),
  pop3: (answer: Rule[1]) => dialogue("+OK", [[/^STLS/, answer]]),
};
const MISSING = "tls.starttls_missing";
const OK = { imap: "{tag} OK go", smtp: "220 go", pop3: "+OK go" } as const;
const INJECTED = {
  imap: "* OK [CAPABILITY AUTH=PLAIN]",
  smtp: "250 AUTH PLAIN",
  pop3: "+OK",
} as const;
const PROTOCOLS = ["imap", "smtp", "pop3"] as const;

test.each<[Protocol, Talk, string]>([
  ["imap", atStartTls.imap("{tag} BAD what"), MISSING],
  ["imap", dialogue("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready", []), MISSING],
  ["smtp", atEhlo("250-x\r\n250 AUTH PLAIN XOAUTH2"), MISSING],
  ["smtp", atStartTls.smtp("454 4.7.0 no"), "mail.temporary"],
  ["pop3", atStartTls.pop3("-ERR what"), MISSING],
])("%s sends no credential to a server that offers no STARTTLS, or hides it", async (...row) => {
  const [protocol, talk, remedyId] = row;
  await expectNamed(protocol, { talk, tls: "starttls" }, remedyId);
});

describe.each(PROTOCOLS)("STARTTLS over %s", (protocol) => {
  const answer = OK[protocol];
  const begin = atStartTls[protocol];

  test.each([
    [
      "is preceded by injected bytes",
      `${answer}\r\n${INJECTED[protocol]}`,
      "tls.starttls_injection",
    ],
    ["hangs in the handshake", answer, "tls.timeout"],
  ])("sends no credential where it %s", async (_what, said, remedyId) => {
    await expectNamed(protocol, { talk: begin(said), tls: "starttls" }, remedyId);
  });

  test("goes on inside TLS and forgets what was said before", async () => {
    const inside: Record<Protocol, readonly Rule[]> = {
      imap: [CAPABILITIES, [/ AUTHENTICATE /, REFUSES]],
      smtp: [EHLO, [/^AUTH/, "535 5.7.3 no"]],
      pop3: [CAPA, GO, [/^dXNlcj/, "-ERR no"]],
    };
    const go = answer.replace("{tag}", "TLS");
    const talk = begin(then(say(`${go}\r\n`), upgrade(own().certificate, inside[protocol])));
    const report = await probe(protocol, { talk, tls: "starttls" });
    expect(failedStage(report)).toBe("authenticate");
  });
});

describe("certificates", () => {
  test.each([
    ["another name", { names: "DNS:elsewhere.test" }, "tls.wrong_name"],
    ["a time that is over", { expired: true }, "tls.expired"],
  ])("with %s are refused", async (_what, options, remedyId) => {
    const other = await createTestCertificate(path.join(own().dir, remedyId), options);
    const tls = createMailTls({ extraCaPem: other.caPem });
    await expectNamed("imap", { talk: silence, certificate: other, input: { tls } }, remedyId);
  });

  test("of an issuer that nobody knows are refused", async () => {
    const input = { tls: createMailTls() };
    const unknown = { talk: silence, certificate: own().certificate, input };
    await expectNamed("imap", unknown, "tls.untrusted_issuer");
  });

  test("of an address are held to the address", async () => {
    const at = { talk: silence, host: "127.0.0.1" };
    await expectNamed("imap", { ...at, certificate: own().certificate }, "mail.no_greeting");
    const names = { names: "DNS:localhost" };
    const named = await createTestCertificate(path.join(own().dir, "named"), names);
    const tls = createMailTls({ extraCaPem: named.caPem });
    await expectNamed("imap", { ...at, certificate: named, input: { tls } }, "tls.wrong_name");
  });
});

describe("the token stage", () => {
  const servers = Object.entries({ imap: imap(), smtp: smtp(), pop3: pop3() }) as [
    Protocol,
    Talk,
  ][];
  const refused = (code: "locked" | "temporarily_unavailable", remedyId: string) =>
    new AppError(code, "no", { remedyId });
  const PLATFORM = "postkey.identity_platform_unreachable";
  const NOT_SIGNED_IN = { remedyId: "postkey.not_signed_in", retryable: false };

  test.each([
    [refused("locked", "postkey.locked"), "postkey.locked", false],
    [refused("temporarily_unavailable", PLATFORM), PLATFORM, true],
    [new ProbeFailure(NOT_SIGNED_IN), NOT_SIGNED_IN.remedyId, false],
    [new Error(TOKEN), "postkey.unexpected", false],
  ])(
    "fails with its error, before anything is sent: %#",
    async (...[error, remedyId, retryable]) => {
      for (const [protocol, talk] of servers) {
        const input = { credential: () => Promise.reject(error) };
        const report = await probe(protocol, { talk, certificate: own().certificate, input });
        expect(report.failure).toMatchObject({ remedyId, retryable });
        expect(failedStage(report)).toBe("token");
      }
    },
  );

  test("does not wait for a token for ever", async () => {
    const input = { credential: () => new Promise<never>(() => {}) };
    const scenario = { talk: imap(), certificate: own().certificate, input };
    await expectNamed("imap", scenario, "mail.deadline");
  });

  test("refuses a user name that breaks out of its field", async () => {
    const user = "a@b.test\x01auth=Bearer other";
    for (const [protocol, talk] of servers) {
      const credential = async () => ({ kind: "xoauth2", user, accessToken: TOKEN }) as const;
      const scenario = { talk, certificate: own().certificate, input: { credential } };
      await expectNamed(protocol, scenario, "mail.invalid_credential");
    }
  });
});

const failedStage = ({ stages }: ProtocolReport) =>
  stages.find(({ status }) => status === "failed")?.stage;

type Scenario = {
  talk: Talk;
  certificate?: TestCertificate;
  tls?: "implicit" | "starttls";
  host?: string;
  input?: Partial<ProbeInput>;
};

async function expectNamed(protocol: Protocol, scenario: Scenario, remedyId: string) {
  const found = [];
  for (const deadlineMs of ENDED_BY_TIME.has(remedyId) ? DEADLINES_MS : [15_000]) {
    const report = await probe(protocol, { ...scenario, input: { ...scenario.input, deadlineMs } });
    found.push(report.failure?.remedyId);
    if (found.at(-1) === remedyId) break;
  }
  expect(found.at(-1), found.join()).toBe(remedyId);
}

/** Runs a probe against a scripted server, and checks what has to hold whatever the server does. */
async function probe(protocol: Protocol, scenario: Scenario): Promise<ProtocolReport> {
  const { talk, certificate, tls = "implicit", host = "localhost", input } = scenario;
  const server = await startScriptedServer(talk, certificate);
  try {
    const stages: string[] = [];
    const report = await PROBES[protocol]({
      endpoint: { host, port: server.port, tls },
      credential: async () => ({
        kind: "xoauth2",
        service: "microsoft_azure",
        user: "alice@contoso.test",
        accessToken: TOKEN,
      }),
      deadlineMs: 15_000,
      ...probing(own().certificate.caPem),
      onStage: ({ stage }) => stages.push(stage),
      ...input,
    });
    expect(stages).toEqual(report.stages.map(({ stage }) => stage));
    expect(JSON.stringify(report)).not.toContain(TOKEN);
    expect(JSON.stringify(report)).not.toMatch(/\\u00[01]|\p{Bidi_Control}/u);
    await server.allClosed();
    if (tls === "starttls") expect(server.received()).not.toMatch(/AUTH|USER|PASS|dXNlcj/);
    return report;
  } finally {
    await server.close();
  }
}
