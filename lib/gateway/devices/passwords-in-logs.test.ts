import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { GET, POST } from "@/app/api/[...path]/route";
import { startGateway } from "@/lib/gateway/server";
import { createDeviceOperation } from "@/lib/http/api/operations/devices";
import { db } from "@/lib/kernel/db";
import { log } from "@/lib/kernel/log";
import { administrator } from "@/lib/testing/actors";
import { call, keyFor } from "@/lib/testing/api";
import { Wire, withDeviceGateway } from "@/lib/testing/device-gateway";
import { createDevice } from "@/lib/testing/made";
import { withInstallation } from "@/lib/testing/sandbox";
import { ALICE, connectedAccount } from "@/lib/testing/sign-in";

/** What is typed as a password, right or wrong, at any place, stands in no log of any level. */
const sandbox = withInstallation();
const gateway = withDeviceGateway();
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const logged: string[] = [];
let emailAccountId: string;
let right: string;
let wrong: string;

beforeAll(async () => {
  const ada = administrator();
  ({ emailAccountId } = await connectedAccount(ada, sandbox()));
  const protocols = ["imap" as const, "pop3" as const, "smtp" as const];
  ({ password: right } = await createDevice(ada, { name: "ERP", emailAccountId, protocols }));
  wrong = `${right.slice(0, 6)}${"z".repeat(26)}`;
  for (const level of LEVELS)
    vi.spyOn(log, level).mockImplementation((...said: unknown[]) => {
      logged.push(inspect(said, { depth: 10, showHidden: true }));
    });
});
afterAll(() => {
  vi.restoreAllMocks();
});

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** As passwords travel; lines of several commands come in one piece. */
const imapOf = (password: string) => [
  `a LOGIN ${ALICE} ${password}`,
  `a LOGIN "${ALICE}" "${password}"\r\nb LOGIN ${password} ${password}\r\nc NOOP`,
  `a LOGIN {${ALICE.length}+}\r\n${ALICE} {${password.length}+}\r\n${password}`,
  `a AUTHENTICATE PLAIN ${base64(`\0${ALICE}\0${password}`)}`,
  `a AUTHENTICATE PLAIN ${base64(`${ALICE} ${password}`)}`,
  `a AUTHENTICATE PLAIN ${password}!`,
  `a ${password}`,
];
const pop3Of = (password: string) => [
  `USER ${ALICE}\r\nPASS ${password}\r\nPASS ${password}`,
  `USER ${password}\r\nPASS ${password}`,
  `APOP ${ALICE} ${password}`,
  `AUTH PLAIN ${base64(`\0\0${password}`)}`,
  `${password}`,
];
const smtpOf = (password: string) => [
  `AUTH PLAIN ${base64(`\0${ALICE}\0${password}`)}\r\nNOOP`,
  `AUTH PLAIN ${base64(`other\0${ALICE}\0${password}`)}`,
  `AUTH PLAIN ${base64(password)}`,
  `AUTH LOGIN ${base64(ALICE)}\r\n${base64(password)}`,
  `AUTH LOGIN\r\n${base64(password)}\r\n${base64(password)}`,
  `AUTH ${password} ${password}\r\n${password}`,
];

async function sayAll(): Promise<void> {
  const { imap, pop3, smtp } = gateway().ports;
  const said = (password: string): [port: number, lines: string[], bye: string][] => [
    [imap, imapOf(password), "z LOGOUT"],
    [pop3, pop3Of(password), "QUIT"],
    [smtp, smtpOf(password), "QUIT"],
  ];
  for (const [port, lines, bye] of [...said(wrong), ...said(right)])
    for (const line of lines) {
      const wire = await Wire.greeted(port);
      wire.write(`${line}\r\n${bye}\r\n`);
      wire.socket.end();
      await wire.closed();
    }
}

const asCredentials = (password: string) => [
  `Basic ${base64(`${ALICE}:${password}`)}`,
  `Bearer ${password}`,
];

async function askApi(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/api/contacts`;
  for (const authorization of [wrong, right].flatMap(asCredentials))
    expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
}

/** The web's way into the API, where a device is created as well, which shows its password once. */
async function askWeb(): Promise<string> {
  const url = "http://localhost:3000/api/devices";
  for (const password of [wrong, right]) {
    for (const authorization of asCredentials(password)) {
      const response = await GET(new Request(url, { headers: { authorization } }));
      expect(response.status).toBe(401);
    }
    const authorization = `Bearer ${await keyFor(["devices:write"])}`;
    const headers = { authorization, "content-type": "application/json" };
    const body = `{"name": "ERP", "password": "${password}"`;
    const refused = [body, `${body}}`].map((each) =>
      POST(new Request(url, { method: "POST", headers, body: each })),
    );
    for (const response of await Promise.all(refused))
      expect([400, 422]).toContain(response.status);
  }
  const key = await keyFor(["devices:write"]);
  const form = { name: "Scanner", emailAccountId, protocols: ["smtp"] };
  const created = await call(createDeviceOperation, { key, body: form });
  expect(created.status).toBe(201);
  return z.object({ password: z.string() }).parse(await created.json()).password;
}

/** The secret parts, in each form; the six characters before them are shown in lists. */
function expectNone(text: string, created: string): void {
  for (const password of [wrong, right, created]) {
    const forms = [base64(password), base64(`${ALICE}:${password}`), password.slice(6)];
    for (const form of [...forms, base64(`\0${ALICE}\0${password}`).slice(24, -4)])
      expect(text).not.toContain(form);
  }
}

test("neither of the gateway, the API and the web at every level, nor among the attempts and events", async () => {
  const { port, stop } = await startGateway({ host: "127.0.0.1", port: 0 });
  await sayAll();
  await askApi(port);
  await stop();
  const created = await askWeb();
  log.debug("the last line");
  expect(logged.length).toBeGreaterThan(0);
  expectNone(logged.join("\n"), created);
  await expect.poll(() => db().deviceAttempt.count()).toBeGreaterThan(5);
  const attempts = await db().deviceAttempt.findMany();
  const events = await db().auditEvent.findMany();
  expectNone(JSON.stringify([attempts, events], bigAsText), created);
}, 60_000);

const bigAsText = (_key: string, value: unknown) =>
  typeof value === "bigint" ? String(value) : value;
