import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toAppError } from "@/lib/http/problem";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm, EMPTY_CHANNEL } from "@/lib/testing/alert-channel";
import { everyTable } from "@/lib/testing/dump";
import { setEnvironment } from "@/lib/testing/environment";
import { startHttpsServer } from "@/lib/testing/https-server";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { withInstallation } from "@/lib/testing/sandbox";
import { createAlertChannel, updateAlertChannel } from "@/lib/watch/alerts/mutations";
import { findAlertChannel, listAlertChannels, listDeliveries } from "@/lib/watch/alerts/queries";
import { raiseAlert } from "@/lib/watch/alerts/raise";
import { updateAlertChannelSchema } from "@/lib/watch/alerts/schema";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";
import { readWarnings } from "@/lib/watch/warnings/queries";
import { enqueueDeliveries, startBoss, startDeliveries } from "./deliveries";

/**
 * Services know who may call a webhook by a token in its address. Whatever the receiver makes of a call,
 * the address is in no row of any table, also those of the job queue, in no line of the log, and in
 * nothing that is shown.
 */
const sandbox = withInstallation();
const logged = withCapturedLog();
const ada = administrator();
let boss: PgBoss;

beforeAll(async () => {
  setEnvironment({ POSTKEY_PRIVATE_HOSTS: "localhost" });
  boss = await startBoss();
  await startDeliveries(boss);
});
afterAll(() => boss.stop({ timeout: 2_000 }));
beforeEach(() => db().$executeRaw`TRUNCATE "AlertChannel", "Alert" CASCADE`);

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** What receivers do, each repeating the address as it can. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "takes it": (_, reply) => reply.writeHead(204).end(),
  "refuses it": ({ url = "" }, reply) =>
    reply.writeHead(403, escape(url), { "x-url": url }).end(url),
  redirects: ({ url = "" }, reply) => reply.writeHead(302, { location: url }).end(),
  "talks another protocol": ({ url, socket }) => socket.end(`SSH-2.0 ${url}\r\n${url}\r\n\r\n`),
  "sends a header that is none": ({ url, socket }) =>
    socket.end(`HTTP/1.1 200 OK\r\n${url}\u0000: ${url}\r\n\r\n`),
  "hangs up": ({ socket }) => socket.destroy(),
};

const token = () => randomBytes(16).toString("base64url");
let told = 0;

test.each(Object.entries(ANSWERS))(
  "where the receiver %s",
  async (_how, answer) => {
    const server = await startHttpsServer(sandbox().stateDir, answer);
    const secrets = { path: token(), query: token(), next: token() };
    logged.length = 0;
    const shown = await story(server.origin, secrets);
    const text = [
      (await everyTable()).map(({ text }) => text).join("\n"),
      logged.join(""),
      JSON.stringify(shown),
    ];
    for (const secret of Object.values(secrets)) {
      // The hunt is only worth something while the address is called.
      expect(server.seen.some((request) => request.includes(secret))).toBe(true);
      const found = text.map((each) => spellings(secret).some((one) => each.includes(one)));
      expect(found).toEqual([false, false, false]);
    }
    await server.close();
  },
  60_000,
);

type Secrets = { path: string; query: string; next: string };

/** @returns what was shown on the way */
async function story(origin: string, { path, query, next }: Secrets): Promise<unknown[]> {
  const url = `${origin}/services/${path}?key=${query}`;
  const { id } = await createAlertChannel(ada, alertChannelForm({ url }));
  const shown: unknown[] = [await call(id)];
  const edit = async (version: number, changes: object) => {
    const form = { ...EMPTY_CHANNEL, id, version, ...changes };
    return updateAlertChannel(ada, updateAlertChannelSchema.parse(form));
  };
  await edit(1, { name: "Renamed" });
  await edit(2, { url: `${origin}/${next}` });
  shown.push(await call(id), await edit(2, { url }).catch(asShown));
  await raiseAndWait(id);
  shown.push(await findAlertChannel(ada, id), await listAlertChannels(ada));
  return [...shown, (await listDeliveries(ada, id)).rows, await readWarnings(ada)];
}

const call = (id: string) => sendTestAlert(ada, { id }).catch(asShown);

function asShown(thrown: unknown) {
  const error = toAppError(thrown);
  return { ...error, message: error.message };
}

/** As the watch over the incidents does: the job queue keeps errors of its own. */
async function raiseAndWait(alertChannelId: string): Promise<void> {
  told += 1;
  const alert = { dedupeKey: `told ${told}`, subject: "Stopped", text: "Stopped." } as const;
  const rest = { kind: "digest", incidentId: null, payload: { type: "test" } } as const;
  await db().$transaction((tx) => raiseAlert(tx, { ...alert, ...rest }, enqueueDeliveries(boss)));
  const PATIENCE = { timeout: 30_000 };
  const attempts = async () =>
    (await listDeliveries(ada, alertChannelId)).rows.map((delivery) => delivery.attempts);
  await expect.poll(async () => new Set(await attempts()), PATIENCE).toEqual(new Set([1]));
  const waiting = "SELECT 1 FROM pgboss.job WHERE state IN ('created', 'active')";
  await expect.poll(async () => (await pool().query(waiting)).rowCount, PATIENCE).toBe(0);
}

/** As it is, and as bytes in writing: in hexadecimal, and as a list of numbers. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString("hex"), [...bytes].join(","), [...bytes].join(", ")];
}
