import { NextRequest } from "next/server";
import { beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/auth/[...nextauth]/route";
import { db } from "@/lib/kernel/db";
import { closeBrowser } from "@/lib/testing/browser";
import { jar, otherJar } from "@/lib/testing/browser-cookies";
import { pressCompany } from "@/lib/testing/next-auth-browser";
import { answerTo, withCompany } from "@/lib/testing/with-company";

/** Strangers without known addresses, who begin rounds as anybody may, and come back with codes that they invent. */
const { company, comes } = withCompany();
let refused = 0;

beforeAll(() => {
  company().provider.on("grant.error", () => {
    refused += 1;
  });
});

/** A round of its own, in a browser of its own. */
async function begin(): Promise<(code: string) => Promise<string>> {
  closeBrowser();
  const away = await pressCompany("other");
  const own = new Map(jar);
  closeBrowser();
  const cookie = [...own].map(([name, value]) => `${name}=${value}`).join("; ");
  return async (code) => {
    const url = answerTo(away, { code, iss: company().issuer });
    const params = Promise.resolve({ nextauth: ["callback", "other"] });
    const request = new NextRequest(url, { headers: { cookie } });
    const reply = await otherJar.run(new Map(own), () => GET(request, { params }));
    return new URL(reply.headers.get("location") ?? "about:blank").search;
  };
}

const signIn = (name: string) =>
  comes({ sub: name, name, email: `${name}@contoso.test`, groups: ["ops"] });

test("of a flood the company is asked for a part, nothing is stored, and real people get in", async () => {
  const begun: Awaited<ReturnType<typeof begin>>[] = [];
  for (let at = 0; at < 90; at += 1) begun.push(await begin());
  await signIn("carol");
  const known = new Map(jar);
  const before = refused;
  const startedAt = performance.now();
  const flood = Promise.all(begun.map((back, at) => back(`flood ${at}`)));
  for (const name of ["dave", "erin", "frank", "grace"]) {
    closeBrowser();
    expect((await signIn(name)).pathname).toBe("/");
  }
  for (const [each, value] of known) jar.set(each, value);
  expect((await signIn("carol")).pathname).toBe("/");
  await expect.poll(() => refused - before, { timeout: 20_000 }).toBeGreaterThanOrEqual(60);
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(refused - before).toBeLessThanOrEqual(60 + 8 + 2 * seconds);
  await flood;
  expect(await db().signInThrottle.count()).toBe(0);
});
