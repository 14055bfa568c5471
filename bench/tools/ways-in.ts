import { loadCertificates } from "@/e2e/sandbox/certificates";
import { db } from "@/lib/kernel/db";
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
import { answerOf, cookiesOf, sendForm, signInBy, takeForm } from "../http";
import { inFull, timesOf } from "../rounds";
import { serveOrders } from "../tool";

// A process of its own, under the conditions and with the key of the product: it sets up what people sign in with,
// and signs them in over http.

type WaysInOrder = { url: string; stateDir: string; email: string; password: string };
/** Milliseconds of each visit; and what the hash of a password takes by itself. */
export type WaysInTimes = Record<"hash" | "password" | "passkey" | "company", number[]>;

serveOrders(async ({ url, stateDir, email, password }: WaysInOrder): Promise<WaysInTimes> => {
  loadCertificates(stateDir);
  const company = await startCompany({
    listen: (answer) => startHttpsServer(stateDir, answer),
    redirectUri: `${url}/api/auth/callback/other`,
  });
  company.comes({ sub: "1", name: "Carol", email: "carol@contoso.test", groups: ["ops"] });
  await companyInUse(administrator("Benchmark"), company);
  const passkey = await addedPasskey(url, email);
  const turns = { warmUp: inFull(5, 1), turns: inFull(20, 2) };
  return {
    hash: await timesOf(() => hashPassword(password), turns),
    password: await timesOf(async () => {
      requireSession(await signInBy({ url }, "callback/credentials", { email, password }));
    }, turns),
    passkey: await timesOf(async () => {
      const { options, token } = await beginPasskey(null);
      const visitor = { url, cookies: [`postkey.passkey=${token}`] };
      const fields = { response: passkey.answer(options, { counter: 0 }) };
      requireSession(await signInBy(visitor, "callback/passkey", fields));
    }, turns),
    company: await timesOf(() => signInAtCompany(url), turns),
  };
});

/** As one that is synchronised between devices, its counter stays 0. */
async function addedPasskey(url: string, email: string) {
  const { id, name } = await db().administrator.findFirstOrThrow({ where: { email } });
  const { origin, hostname: rpId } = new URL(url);
  const passkey = softwarePasskey({ origin, rpId });
  const person = { ...administrator(name), id, sessionId: await createSession(id) };
  const { options, token } = await beginAddingPasskey(person);
  const response = passkey.register(options, { counter: 0 });
  await addPasskey(person, { name: "Benchmark", response }, token);
  return passkey;
}

async function signInAtCompany(url: string): Promise<void> {
  const form = await takeForm({ url });
  const begun = await sendForm({ url }, { way: "signin/other", form, fields: {} });
  const { url: away } = (await begun.json()) as { url: string };
  const cookie = [form.cookie, ...cookiesOf(begun)].join("; ");
  const back = await fetch(await walkCompany(away), { redirect: "manual", headers: { cookie } });
  await back.text();
  requireSession(answerOf(back));
}

function requireSession({ status, session }: ReturnType<typeof answerOf>): void {
  if (!session) throw new Error(`The sign-in failed (${status}).`);
}
