import { text } from "node:stream/consumers";
import { db, pool } from "@/lib/kernel/db";
import { hashPassword } from "@/lib/people/administrators/password-hash";
import { createSession } from "@/lib/people/administrators/store";
import { addPasskey, beginAddingPasskey } from "@/lib/people/passkeys/mutations";
import { beginPasskey } from "@/lib/people/passkeys/verify";
import { administrator } from "@/lib/testing/actors";
import { companyInUse } from "@/lib/testing/company";
import { startHttpsServer } from "@/lib/testing/https-server";
import { startCompany } from "@/lib/testing/openid-provider";
import { softwarePasskey } from "@/lib/testing/software-passkey";
import { walkCompany } from "@/lib/testing/walk-company";
import { atMost } from "../short-run";
import { signInBy, startAtCompany } from "./next-auth-client";

// A process of its own, under the conditions and with the key of the product: it sets up what people sign in
// with, and signs them in over http.

export type WaysInOrder = {
  url: string;
  /** Of the certificates that the product trusts. */
  stateDir: string;
  email: string;
  password: string;
  turns: number;
};

/** Milliseconds of each visit, by its way in; and what a password costs by itself. */
export type WaysInTimes = Record<"hash" | "password" | "passkey" | "company", number[]>;

const WARM_UP = atMost(5, 1);
// The company says what it thinks of its settings, where the result is written.
console.info = console.warn;

const order = JSON.parse(await text(process.stdin)) as WaysInOrder;
const { url, email, password } = order;
const person = await db().administrator.findFirstOrThrow({ where: { email } });
const company = await openCompany();
const passkey = await addedPasskey();
const times: WaysInTimes = {
  hash: await timesOf(() => hashPassword(password)),
  password: await timesOf(() => signInBy("credentials", { url, fields: { email, password } })),
  passkey: await timesOf(async () => {
    const { options, token } = await beginPasskey(null);
    const fields = { response: passkey.answer(options) };
    await signInBy("passkey", { url, fields, cookie: `postkey.passkey=${token}` });
  }),
  company: await timesOf(async () => {
    const begun = await startAtCompany(url, "other");
    await begun.finish(await walkCompany(begun.away));
  }),
};
process.stdout.write(JSON.stringify(times));
await company.close();
await db().$disconnect();
await pool().end();

async function openCompany() {
  const opened = await startCompany({
    listen: (answer) => startHttpsServer(order.stateDir, answer),
    redirectUri: `${url}/api/auth/callback/other`,
  });
  opened.comes({ sub: "1", name: "Carol", email: "carol@contoso.test", groups: ["ops"] });
  await companyInUse(administrator("Benchmark"), opened);
  return opened;
}

async function addedPasskey() {
  const { origin, hostname: rpId } = new URL(url);
  const made = softwarePasskey({ origin, rpId });
  const actor = {
    ...administrator(person.name),
    id: person.id,
    sessionId: await createSession(person.id),
  };
  const { options, token } = await beginAddingPasskey(actor);
  const response = made.register(options, { counter: 0 });
  await addPasskey(actor, { name: "Benchmark", response }, token);
  // As one that is synchronised between devices, its counter stays 0.
  return { answer: (asked: { challenge: string }) => made.answer(asked, { counter: 0 }) };
}

async function timesOf(visit: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = 0; turn < WARM_UP + order.turns; turn += 1) {
    const startedAt = performance.now();
    await visit();
    if (turn >= WARM_UP) taken.push(performance.now() - startedAt);
  }
  return taken;
}
