import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  dialogue,
  drip,
  flood,
  type Rule,
  reset,
  type ScriptedServer,
  startScriptedServer,
  type Talk,
  upgrade,
} from "@/e2e/servers/scripted-server";
import { createTestCertificate, type TestCertificate } from "@/e2e/servers/test-certificate";
import type { MailTls } from "@/lib/egress/mail-tls";
import { AppError } from "@/lib/kernel/errors";
import { createMailTls, EVERYWHERE } from "@/lib/testing/egress";
import { probeImap } from "./imap";
import { probePop3 } from "./pop3";
import { ProbeFailure } from "./probe-failure";
import type { ProbeInput } from "./probe-input";
import type { ProtocolReport } from "./schema";
import { probeSmtp } from "./smtp";

const PROBES = { imap: probeImap, smtp: probeSmtp, pop3: probePop3 } as const;
// Longer than a busy machine holds one of a few dozen concurrent handshakes up.
const DEADLINE_MS = 1_500;
const TOKEN = "canary-access-token-4711";
const MIB = 1024 * 1024;

type Case = readonly [name: string, talk: Talk, remedyId: string];

let dir: string;
let certificate: TestCertificate;
let mailTls: MailTls;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "postkey-hostile-"));
  certificate = await createTestCertificate(dir);
  mailTls = createMailTls({ extraCaPem: certificate.caPem });
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const silence: Talk = () => {};
const hangUp: Talk = (socket) => {
  socket.end();
};
const then =
  (...talks: Talk[]): Talk =>
  (socket) => {
    for (const talk of talks) talk(socket);
  };
const say =
  (text: string): Talk =>
  (socket) => {
    socket.write(text);
  };

const GREETING = "* OK The Microsoft Exchange IMAP4 service is ready.";
const CAPABILITIES: Rule = [
  / CAPABILITY$/,
  "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR ID NAMESPACE\r\n{tag} OK done.",
];
const AUTHENTICATED: Rule = [/ AUTHENTICATE /, "{tag} OK AUTHENTICATE completed."];
const NAMESPACE: Rule = [/ NAMESPACE$/, '* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done.'];
const imap = (...rules: Rule[]) => dialogue(GREETING, [CAPABILITIES, ...rules]);
const imapSays = (reply: string) => imap([/ AUTHENTICATE /, reply]);
const imapInbox = (...rules: Rule[]) => imap(AUTHENTICATED, ...rules);

const IMAP_CASES: readonly Case[] = [
  ["that never greets", silence, "mail.no_greeting"],
  ["whose greeting drips", drip("* OK ready soon ", 50), "mail.no_greeting"],
  ["whose greeting never ends", flood("A"), "mail.flood"],
  ["with a greeting of 70,000 characters", say(`* OK ${"A".repeat(70_000)}\r\n`), "mail.flood"],
  ["that greets with BYE", say("* BYE Server shutting down.\r\n"), "imap.bye"],
  ["that is full", say("* BYE Too many simultaneous connections.\r\n"), "mail.throttled"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that counts everybody in", say("* PREAUTH Welcome.\r\n"), "imap.preauthenticated"],
  ["that hangs up at once", hangUp, "mail.connection_lost"],
  ["that resets after the greeting", then(say(`${GREETING}\r\n`), reset), "mail.connection_lost"],
  ["that is silent after the greeting", dialogue(GREETING, []), "mail.deadline"],
  [
    "with passwords only",
    dialogue("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi", []),
    "mail.no_xoauth2",
  ],
  ["that is silent after AUTHENTICATE", imap(), "mail.deadline"],
  [
    "that drips untagged lines after AUTHENTICATE",
    imap([/ AUTHENTICATE /, drip("* OK still at it\r\n", 5)]),
    "mail.deadline",
  ],
  [
    "that floods untagged lines after AUTHENTICATE",
    imap([/ AUTHENTICATE /, flood("* OK busy\r\n")]),
    "mail.deadline",
  ],
  ["that floods a line after AUTHENTICATE", imap([/ AUTHENTICATE /, flood("* ")]), "mail.flood"],
  [
    "with a challenge that is not base64",
    imap([/ AUTHENTICATE /, "+ !!!"], [/^$/, "2 NO AUTHENTICATE failed."]),
    "imap.authenticate_failed",
  ],
  ["that announces a literal of 999,999,999 bytes", imapSays("* OK {999999999}"), "mail.flood"],
  [
    "that refuses without a reason",
    imapSays("{tag} NO AUTHENTICATE failed."),
    "imap.authenticate_failed",
  ],
  [
    "that refuses with AUTHENTICATIONFAILED",
    imapSays("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
    "imap.authenticate_failed",
  ],
  ["that is unavailable", imapSays("{tag} NO [UNAVAILABLE] Try later."), "mail.temporary"],
  ["that has a limit", imapSays("{tag} NO [LIMIT] Too many."), "mail.throttled"],
  [
    "that answers with text of terminals",
    imapSays("{tag} NO \u001b[2J\u202efailed"),
    "imap.authenticate_failed",
  ],
  ["that resets after AUTHENTICATE", imap([/ AUTHENTICATE /, reset]), "mail.connection_lost"],
  [
    "that ends in the middle of an answer",
    imap([/ AUTHENTICATE /, then(say("* OK almo"), hangUp)]),
    "mail.connection_lost",
  ],
  [
    "that says goodbye before it refuses",
    imapSays("* BYE Too many simultaneous connections. 11\r\n{tag} NO AUTHENTICATE failed."),
    "mail.throttled",
  ],
  [
    "that says goodbye before it cannot read a command",
    imapInbox(NAMESPACE, [
      / STATUS /,
      "* BYE Session invalidated - AccessTokenExpired\r\n{tag} BAD no",
    ]),
    "token.expired",
  ],
  [
    "that refuses before it says goodbye",
    imapSays("{tag} NO AUTHENTICATE failed.\r\n* BYE Too many simultaneous connections. 11"),
    "imap.authenticate_failed",
  ],
  [
    "that refuses every command after the login",
    imapInbox([/ NAMESPACE$/, "{tag} BAD User is authenticated but not connected."]),
    "imap.not_connected",
  ],
  [
    "that refuses STATUS after the login",
    imapInbox(NAMESPACE, [/ STATUS /, "{tag} BAD User is authenticated but not connected."]),
    "imap.not_connected",
  ],
  [
    "that hangs up when refused",
    imapInbox([/ NAMESPACE$/, then(say("* BYE Connection closed. 14\r\n"), hangUp)]),
    "imap.bye",
  ],
  [
    "whose token ends in between",
    imapInbox([/ NAMESPACE$/, "* BYE Session invalidated - AccessTokenExpired"]),
    "token.expired",
  ],
  [
    "that throttles",
    imapInbox([
      / NAMESPACE$/,
      "{tag} BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds",
    ]),
    "mail.throttled",
  ],
  [
    "without an inbox",
    imapInbox(NAMESPACE, [/ STATUS /, "{tag} NO No such mailbox."], [/ LIST /, "{tag} OK done."]),
    "imap.mailbox_refused",
  ],
  [
    "that loses the connection at STATUS",
    imapInbox(NAMESPACE, [/ STATUS /, reset]),
    "mail.connection_lost",
  ],
  ["that is silent at STATUS", imapInbox(NAMESPACE), "mail.deadline"],
];

const EHLO: Rule = [/^EHLO /, "250-smtp.test\r\n250-SIZE 1000\r\n250 AUTH LOGIN XOAUTH2"];
const smtp = (...rules: Rule[]) => dialogue("220 smtp.test ready", [EHLO, ...rules]);
const smtpSays = (reply: string) => smtp([/^AUTH XOAUTH2 /, reply]);
const smtpSender = (reply: string) =>
  smtp([/^AUTH XOAUTH2 /, "235 2.7.0 ok"], [/^MAIL FROM/, reply]);

const SMTP_CASES: readonly Case[] = [
  ["that never greets", silence, "mail.no_greeting"],
  ["that is a tarpit", drip("220-wait\r\n", 5), "mail.no_greeting"],
  ["that floods the greeting", flood("220-wait\r\n"), "mail.flood"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that refuses the client", say("554 5.7.1 go away\r\n"), "smtp.client_refused"],
  ["that is closing", say("421 4.3.2 Service not available\r\n"), "mail.temporary"],
  [
    "that is closing at EHLO",
    dialogue("220 hi", [[/^EHLO/, "421 4.3.2 closing"]]),
    "mail.temporary",
  ],
  ["that floods EHLO", dialogue("220 hi", [[/^EHLO/, flood("250-SIZE\r\n")]]), "mail.flood"],
  ["without AUTH", dialogue("220 hi", [[/^EHLO/, "250-x\r\n250 SIZE 1"]]), "smtp.auth_not_offered"],
  [
    "with passwords only",
    dialogue("220 hi", [[/^EHLO/, "250-x\r\n250 AUTH LOGIN PLAIN"]]),
    "mail.no_xoauth2",
  ],
  ["that is silent after AUTH", smtp(), "mail.deadline"],
  ["that drips 334 after AUTH", smtp([/^AUTH/, drip("334-more\r\n", 5)]), "mail.deadline"],
  ["that floods 334 after AUTH", smtp([/^AUTH/, flood("334-more\r\n")]), "mail.flood"],
  [
    "that asks again and again",
    smtp([/^AUTH|^$/, "334 eyJzdGF0dXMiOiI0MDEifQ=="]),
    "smtp.auth_unsuccessful",
  ],
  ["that resets after AUTH", smtp([/^AUTH/, reset]), "mail.connection_lost"],
  ["that is closing at AUTH", smtpSays("421 4.7.0 Temporary server error"), "mail.temporary"],
  [
    "that fails for the moment",
    smtpSays("454 4.7.0 Temporary authentication failure"),
    "mail.temporary",
  ],
  [
    "that counts connections",
    smtpSays("432 4.3.2 Concurrent connections limit exceeded."),
    "mail.throttled",
  ],
  [
    "that refuses without a reason",
    smtpSays("535 5.7.3 Authentication unsuccessful [AM0PR01]"),
    "smtp.auth_unsuccessful",
  ],
  [
    "whose tenant has SMTP off",
    smtpSays(
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled",
    ),
    "smtp.auth_disabled_tenant",
  ],
  [
    "whose mailbox has SMTP off",
    smtpSays(
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
    ),
    "smtp.auth_disabled_mailbox",
  ],
  [
    "with security defaults",
    smtpSays(
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
    ),
    "smtp.security_defaults",
  ],
  [
    "with a policy",
    smtpSays(
      "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.",
    ),
    "smtp.policy_refused",
  ],
  [
    "that retired passwords",
    smtpSays("550 5.7.30 Basic authentication is not supported for Client Submission."),
    "smtp.basic_auth_retired",
  ],
  [
    "that does not know the mechanism",
    smtpSays("504 5.7.4 Unrecognized authentication type"),
    "smtp.auth_not_offered",
  ],
  [
    "that gives the application no rights",
    smtpSays("430 4.2.0 STOREDRV; mailbox logon failure"),
    "smtp.no_mailbox_rights",
  ],
  [
    "that forbids the sender",
    smtpSender("550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    "smtp.send_as_denied",
  ],
  [
    "that forgot the login",
    smtpSender("530 5.7.57 Client not authenticated to send mail."),
    "smtp.not_authenticated",
  ],
  [
    "that blocked the sender",
    smtpSender("550 5.1.8 Access denied, bad outbound sender"),
    "smtp.sender_blocked",
  ],
  ["whose mailbox is full", smtpSender("554 5.2.2 mailbox full"), "smtp.mailbox_full"],
  ["that does not know the sender", smtpSender("553 5.1.7 no such address"), "smtp.sender_refused"],
  ["that is busy at MAIL FROM", smtpSender("451 4.7.500 Server busy"), "mail.temporary"],
];

const CAPA: Rule = [/^CAPA$/, "+OK\r\nTOP\r\nSASL PLAIN XOAUTH2\r\n."];
const GO: Rule = [/^AUTH XOAUTH2$/, "+ "];
const pop3 = (...rules: Rule[]) => dialogue("+OK ready", [CAPA, ...rules]);
const pop3Says = (reply: string) => pop3(GO, [/^dXNlcj/, reply]);

const POP3_CASES: readonly Case[] = [
  ["that never greets", silence, "mail.no_greeting"],
  ["with a banner of 64 KiB", say(`+OK ${"A".repeat(65_536)}\r\n`), "mail.flood"],
  ["with a banner of 513 characters", say(`+OK ${"A".repeat(513)}\r\n`), "mail.flood"],
  ["that speaks HTTP", say("HTTP/1.1 400 Bad Request\r\n\r\n"), "mail.wrong_service"],
  ["that refuses at once", say("-ERR go away\r\n"), "pop3.refused"],
  ["that is busy at once", say("-ERR [SYS/TEMP] try later\r\n"), "mail.temporary"],
  ["that hangs up at once", hangUp, "mail.connection_lost"],
  [
    "whose list of capabilities never ends",
    dialogue("+OK", [[/^CAPA/, then(say("+OK\r\n"), flood("TOP\r\n"))]]),
    "mail.flood",
  ],
  [
    "whose list of capabilities lacks its end",
    dialogue("+OK hi", [[/^CAPA/, "+OK\r\nTOP"]]),
    "mail.deadline",
  ],
  ["without capabilities", dialogue("+OK", [[/^CAPA/, "-ERR what"]]), "mail.no_xoauth2"],
  ["without XOAUTH2", dialogue("+OK", [[/^CAPA/, "+OK\r\nSASL PLAIN\r\n."]]), "mail.no_xoauth2"],
  ["that does not go on after AUTH", pop3(), "mail.deadline"],
  ["that is silent after the token", pop3(GO), "mail.deadline"],
  ["that resets after the token", pop3(GO, [/^dXNlcj/, reset]), "mail.connection_lost"],
  [
    "that lost the thread",
    pop3([/^AUTH/, "-ERR Protocol error. Connection is closed. 10"]),
    "pop3.protocol_error",
  ],
  [
    "that refuses without a reason",
    pop3Says("-ERR Authentication failure: unknown user name or bad password."),
    "pop3.authentication_failure",
  ],
  [
    "that refuses with a challenge",
    pop3(GO, [/^dXNlcj/, "+ eyJzdGF0dXMiOiI0MDEifQ=="], [/^$/, "-ERR [AUTH] failed"]),
    "pop3.authentication_failure",
  ],
  ["that fails for the moment", pop3Says("-ERR [SYS/TEMP] try later"), "mail.temporary"],
  ["whose mailbox is in use", pop3Says("-ERR [IN-USE] locked"), "pop3.mailbox_locked"],
  ["that asks to come less often", pop3Says("-ERR [LOGIN-DELAY] wait"), "mail.throttled"],
  ["that answers nonsense", pop3Says("whatever"), "mail.protocol_error"],
  ["that refuses STAT", pop3(GO, [/^dXNlcj/, "+OK"], [/^STAT/, "-ERR no"]), "pop3.mailbox_refused"],
];

describe.each([
  ["imap", IMAP_CASES],
  ["smtp", SMTP_CASES],
  ["pop3", POP3_CASES],
] as const)("%s", (protocol, cases) => {
  test.concurrent.each(cases)("names a server %s", async (...[, talk, remedyId]) => {
    const report = await probe(protocol, { talk, certificate });
    expect(report.failure?.remedyId).toBe(remedyId);
  });

  test("names a server that speaks no TLS on its TLS port", async () => {
    const report = await probe(protocol, { talk: say("220 plain +OK * OK\r\n") }, "implicit");
    expect(report.failure?.remedyId).toBe("tls.not_spoken");
  });

  test("names a web server on its TLS port, and not a mail server that wants STARTTLS", async () => {
    const talk: Talk = (socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nServer: web\r\n\r\n"));
    };
    const report = await probe(protocol, { talk }, "implicit");
    expect(report.failure).toMatchObject({
      remedyId: "mail.wrong_service",
      serverText: "HTTP/1.1 400 Bad Request",
    });
    expect(report.stages.find(({ status }) => status === "failed")?.stage).toBe("tls");
  });

  test("names a handshake that hangs", async () => {
    const report = await probe(protocol, { talk: silence }, "implicit");
    expect(report.failure?.remedyId).toBe("tls.timeout");
  });

  test("names a handshake that is reset", async () => {
    const talk: Talk = (socket) => socket.once("data", () => socket.resetAndDestroy());
    const report = await probe(protocol, { talk }, "implicit");
    expect(report.failure?.remedyId).toBe("tls.interrupted");
  });

  test("keeps its memory while a server floods", async () => {
    const before = process.memoryUsage();
    await probe(protocol, { talk: flood("A"), certificate });
    const after = process.memoryUsage();
    const grown = after.external + after.heapUsed - before.external - before.heapUsed;
    expect(grown).toBeLessThan(24 * MIB);
  });

  test("is aborted at once when nobody waits any more", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    const startedAt = performance.now();
    const report = await probe(protocol, {
      talk: silence,
      certificate,
      input: { signal: abort.signal, deadlineMs: 20_000 },
    });
    expect(report).toMatchObject({ verdict: "aborted", failure: { remedyId: "postkey.aborted" } });
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

const STARTTLS = {
  imap: {
    none: dialogue("* OK ready", [[/ STARTTLS$/, "{tag} BAD what"]]),
    hidden: dialogue("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready", []),
    inject: dialogue("* OK ready", [[/ STARTTLS$/, "{tag} OK go\r\n* OK [CAPABILITY AUTH=PLAIN]"]]),
    hang: dialogue("* OK ready", [[/ STARTTLS$/, "{tag} OK go"]]),
  },
  smtp: {
    none: dialogue("220 hi", [[/^EHLO/, "250-x\r\n250 AUTH PLAIN XOAUTH2"]]),
    hidden: dialogue("220 hi", [
      [/^EHLO/, "250 STARTTLS"],
      [/^STARTTLS/, "454 4.7.0 no"],
    ]),
    inject: dialogue("220 hi", [
      [/^EHLO/, "250 STARTTLS"],
      [/^STARTTLS/, "220 go\r\n250 AUTH PLAIN"],
    ]),
    hang: dialogue("220 hi", [
      [/^EHLO/, "250 STARTTLS"],
      [/^STARTTLS/, "220 go"],
    ]),
  },
  pop3: {
    none: dialogue("+OK", [[/^STLS/, "-ERR what"]]),
    hidden: dialogue("+OK", [[/^STLS/, "-ERR [SYS/PERM] off"]]),
    inject: dialogue("+OK", [[/^STLS/, "+OK go\r\n+OK injected"]]),
    hang: dialogue("+OK", [[/^STLS/, "+OK go"]]),
  },
} as const;

describe.each(["imap", "smtp", "pop3"] as const)("STARTTLS over %s", (protocol) => {
  test.each([
    ["offers none", "none", "tls.starttls_missing"],
    ["hides it", "hidden", protocol === "smtp" ? "mail.temporary" : "tls.starttls_missing"],
    ["is preceded by injected bytes", "inject", "tls.starttls_injection"],
    ["hangs in the handshake", "hang", "tls.timeout"],
  ] as const)("sends no credential to a server that %s", async (_what, script, remedyId) => {
    const report = await probe(protocol, { talk: STARTTLS[protocol][script] }, "starttls");
    expect(report.failure?.remedyId).toBe(remedyId);
  });

  test("goes on inside TLS and forgets what was said before", async () => {
    const inside: Record<typeof protocol, readonly Rule[]> = {
      imap: [CAPABILITIES, [/ AUTHENTICATE /, "{tag} NO AUTHENTICATE failed."]],
      smtp: [EHLO, [/^AUTH/, "535 5.7.3 no"]],
      pop3: [CAPA, GO, [/^dXNlcj/, "-ERR no"]],
    };
    const begin: Record<typeof protocol, Talk> = {
      imap: dialogue("* OK ready", [
        [/ STARTTLS$/, then(say("TLS OK go\r\n"), upgrade(certificate, inside.imap))],
      ]),
      smtp: dialogue("220 hi", [
        [/^EHLO/, "250 STARTTLS"],
        [/^STARTTLS/, then(say("220 go\r\n"), upgrade(certificate, inside.smtp))],
      ]),
      pop3: dialogue("+OK", [[/^STLS/, then(say("+OK\r\n"), upgrade(certificate, inside.pop3))]]),
    };
    const report = await probe(protocol, { talk: begin[protocol] }, "starttls");
    expect(report.stages.find(({ status }) => status === "failed")?.stage).toBe("authenticate");
  });
});

describe("certificates", () => {
  test.each([
    ["another name", { names: "DNS:elsewhere.test" }, "tls.wrong_name"],
    ["a time that is over", { expired: true }, "tls.expired"],
  ])("with %s are refused", async (_what, options, remedyId) => {
    const other = await createTestCertificate(path.join(dir, remedyId), options);
    const tls = createMailTls({ extraCaPem: other.caPem });
    const report = await probe("imap", { talk: silence, certificate: other, input: { tls } });
    expect(report.failure?.remedyId).toBe(remedyId);
  });

  test("of an address are held to the address", async () => {
    const report = await probe("imap", { talk: silence, certificate, host: "127.0.0.1" });
    expect(report.failure?.remedyId).toBe("mail.no_greeting");
    const named = await createTestCertificate(path.join(dir, "named"), { names: "DNS:localhost" });
    const tls = createMailTls({ extraCaPem: named.caPem });
    const refused = await probe("imap", {
      talk: silence,
      certificate: named,
      host: "127.0.0.1",
      input: { tls },
    });
    expect(refused.failure?.remedyId).toBe("tls.wrong_name");
  });
});

describe("the token stage", () => {
  test.each([
    [
      "an application error",
      new AppError("locked", "no", { remedyId: "postkey.locked" }),
      "postkey.locked",
      false,
    ],
    [
      "a transient one",
      new AppError("temporarily_unavailable", "no", {
        remedyId: "postkey.identity_platform_unreachable",
      }),
      "postkey.identity_platform_unreachable",
      true,
    ],
    [
      "a failure of the probe's own kind",
      new ProbeFailure({ remedyId: "postkey.not_signed_in", retryable: false }),
      "postkey.not_signed_in",
      false,
    ],
    ["anything else", new Error(TOKEN), "postkey.unexpected", false],
  ])("fails with %s, before anything is sent", async (...[, error, remedyId, retryable]) => {
    for (const [protocol, talk] of [
      ["imap", imap()],
      ["smtp", smtp()],
      ["pop3", pop3()],
    ] as const) {
      const input = { credential: () => Promise.reject(error) };
      const report = await probe(protocol, { talk, certificate, input });
      expect(report.failure).toMatchObject({ remedyId, retryable });
      expect(report.stages.find(({ status }) => status === "failed")?.stage).toBe("token");
    }
  });

  test("does not wait for a token for ever", async () => {
    const input = { credential: () => new Promise<never>(() => {}) };
    const report = await probe("imap", { talk: imap(), certificate, input });
    expect(report.failure?.remedyId).toBe("mail.deadline");
  });

  test("refuses a user name that breaks out of its field", async () => {
    const user = "a@b.test\x01auth=Bearer other";
    for (const [protocol, talk] of [
      ["imap", imap()],
      ["smtp", smtp()],
      ["pop3", pop3()],
    ] as const) {
      const credential = async () => ({ kind: "xoauth2", user, accessToken: TOKEN }) as const;
      const report = await probe(protocol, { talk, certificate, input: { credential } });
      expect(report.failure?.remedyId).toBe("mail.invalid_credential");
    }
  });
});

type Scenario = {
  talk: Talk;
  certificate?: TestCertificate;
  host?: string;
  input?: Partial<ProbeInput>;
};

/** Runs a probe against a scripted server, and checks what has to hold whatever the server does. */
async function probe(
  protocol: keyof typeof PROBES,
  scenario: Scenario,
  tls: "implicit" | "starttls" = "implicit",
): Promise<ProtocolReport> {
  const server = await startScriptedServer(scenario.talk, scenario.certificate);
  try {
    const stages: string[] = [];
    const startedAt = performance.now();
    const report = await PROBES[protocol]({
      endpoint: { host: scenario.host ?? "localhost", port: server.port, tls },
      credential: async () => ({ kind: "xoauth2", user: "alice@contoso.test", accessToken: TOKEN }),
      sender: "alice@contoso.test",
      signal: new AbortController().signal,
      deadlineMs: DEADLINE_MS,
      egress: EVERYWHERE,
      tls: mailTls,
      onStage: ({ stage }) => stages.push(stage),
      ...scenario.input,
    });
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + 1_500);
    expect(stages).toEqual(report.stages.map(({ stage }) => stage));
    expect(JSON.stringify(report)).not.toContain(TOKEN);
    expect(JSON.stringify(report)).not.toMatch(/\\u00[01]|\p{Bidi_Control}/u);
    await allClosed(server);
    if (tls === "starttls") expect(server.received()).not.toMatch(/AUTH|USER|PASS|dXNlcj/);
    return report;
  } finally {
    await server.close();
  }
}

async function allClosed(server: ScriptedServer): Promise<void> {
  const deadlineAt = Date.now() + 1_000;
  while (server.openSockets() > 0 && Date.now() < deadlineAt)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(server.openSockets()).toBe(0);
}
