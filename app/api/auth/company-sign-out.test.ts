import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetCompany } from "@/lib/access/company/round";
import { signOut } from "@/lib/http/auth/session";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { closeBrowser } from "@/lib/testing/browser";
import { companyInUse } from "@/lib/testing/company";
import { startHttpsServer } from "@/lib/testing/https-server";
import { comeBack, pressCompany } from "@/lib/testing/next-auth-browser";
import { startCompany, type TestCompany } from "@/lib/testing/openid-provider";
import { withInstallation } from "@/lib/testing/sandbox";
import { walkCompany, walkSignOut } from "@/lib/testing/walk-company";

const sandbox = withInstallation();
const ada = administrator();
const carol = { sub: "carol-1", name: "Carol", email: "carol@contoso.test", groups: ["ops"] };
let company: TestCompany;
let id: string;
let asked: string[];
let cookies: Map<string, string>;

beforeAll(async () => {
  company = await startCompany({
    redirectUri: "http://localhost:3000/api/auth/callback/other",
    async listen(answer) {
      const server = await startHttpsServer(sandbox().stateDir, answer);
      asked = server.seen;
      return server;
    },
  });
  id = await companyInUse(ada, company, { endsAtCompany: true });
});
afterAll(() => company.close());
afterEach(() => vi.useRealTimers());
beforeEach(async () => {
  closeBrowser();
  cookies = new Map();
  company.comes(carol);
  await db().administrator.deleteMany();
  await db().signInThrottle.deleteMany();
});

async function signInAtCompany(): Promise<URL> {
  const away = await pressCompany("other");
  return comeBack(await walkCompany(away.href, cookies));
}

/** What the company says to a browser that must not be asked anything. */
async function askSilently(): Promise<string | null> {
  const url = new URL("/auth", company.issuer);
  const redirectUri = "http://localhost:3000/api/auth/callback/other";
  url.search = `${new URLSearchParams({
    client_id: company.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid",
    prompt: "none",
    code_challenge_method: "S256",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  })}`;
  return (await walkCompany(url.href, cookies)).searchParams.get("error");
}

describe("signing out", () => {
  test("where that is wished ends the company's own session too, and leads back", async () => {
    await signInAtCompany();
    expect(await askSilently()).toBeNull();
    const address = await signOut();
    expect(address).toContain(`${company.issuer}/session/end?`);
    expect(await db().session.count()).toBe(0);
    const back = await walkSignOut(address ?? "", cookies);
    expect(back.href).toBe("http://localhost:3000/sign-in");
    expect(await askSilently()).toBe("login_required");
  });

  test("is a matter of Postkey alone where it is not wished", async () => {
    await db().companySignIn.update({ where: { id }, data: { endsAtCompany: false } });
    await signInAtCompany();
    expect(await signOut()).toBeNull();
    expect(await db().session.count()).toBe(0);
    expect(await askSilently()).toBeNull();
    await db().companySignIn.update({ where: { id }, data: { endsAtCompany: true } });
  });
});

const asksForKeys = () => asked.filter((each) => each === "GET /jwks").length;

test("keys that a company has renewed are fetched once more, and not again for each that is unknown", async () => {
  await signInAtCompany();
  const before = asksForKeys();
  await signInAtCompany();
  expect(asksForKeys()).toBe(before);

  await company.renewKeys();
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.advanceTimersByTime(30 * 60_000);
  expect((await signInAtCompany()).pathname).toBe("/");
  expect(asksForKeys()).toBe(before + 1);

  await company.renewKeys();
  const refused = await signInAtCompany();
  expect(refused.searchParams.get("refused")).toBe("company.token_invalid");
  expect(asksForKeys()).toBe(before + 1);
});

test("a key that a company withdrew signs nobody in after a test, nor ten minutes later", async () => {
  await signInAtCompany();
  const before = asksForKeys();
  await forgetCompany("other");
  await signInAtCompany();
  expect(asksForKeys()).toBe(before + 1);
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.advanceTimersByTime(11 * 60_000);
  await signInAtCompany();
  expect(asksForKeys()).toBe(before + 2);
});
