import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { hashToken } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { forgetProvider } from "@/lib/oauth/openid/keys";
import type { CompanySignInValues } from "@/lib/people/company/schema";
import { findCompany } from "@/lib/people/company/store";
import { createInvitation } from "@/lib/people/links/store";
import { administrator } from "./actors";
import { closeBrowser } from "./browser";
import { companyInUse } from "./company";
import { startHttpsServer } from "./https-server";
import { type LyingCompany, startLyingCompany } from "./lying-company";
import { comeBack, pressCompany } from "./next-auth-browser";
import { type Employee, startCompany, type TestCompany } from "./openid-provider";
import { withInstallation } from "./sandbox";
import { walkCompany } from "./walk-company";

const CALLBACK = "http://localhost:3000/api/auth/callback/other";

/** A person of the company, who is an operator. */
export const carol = {
  sub: "carol-1",
  name: "Carol",
  email: "carol@contoso.test",
  groups: ["ops"],
};

/** The remedy for which a browser was sent back. */
export const refused = (url: URL) => url.searchParams.get("refused");

/** An installation without people, with a company that signs them in. */
export function withCompany(changes: Partial<CompanySignInValues> = {}) {
  const sandbox = withInstallation();
  let company: TestCompany;
  let id: string;
  let seen: readonly string[];
  beforeAll(async () => {
    company = await startCompany({
      redirectUri: CALLBACK,
      async listen(answer) {
        const server = await startHttpsServer(sandbox().stateDir, answer);
        seen = server.seen;
        return server;
      },
    });
    id = await companyInUse(administrator(), company, changes);
  });
  afterAll(() => company.close());
  beforeEach(forgetPeople);
  return {
    company: () => company,
    id: () => id,
    /** Its row, as code of the product has it. */
    async found(other = id) {
      const found = await findCompany({ id: other });
      if (!found) throw new Error("There is no such company.");
      return found;
    },
    /** Requests that it had. */
    seen: () => seen,
    /**
     * The whole way, as a person goes it.
     * @param cookies of the browser at the company, which may know the person already
     */
    async comes(
      employee: Employee,
      form: Record<string, string> = {},
      cookies = new Map<string, string>(),
    ): Promise<URL> {
      company.comes(employee);
      const away = await pressCompany("other", form);
      return comeBack(await walkCompany(away.href, cookies));
    },
  };
}

/** The same with a company that says whatever a test wants. */
export function withLiar(changes: Partial<CompanySignInValues> = {}) {
  const sandbox = withInstallation();
  let company: LyingCompany;
  beforeAll(async () => {
    company = await startLyingCompany(sandbox().stateDir);
    await companyInUse(administrator(), company, changes);
  });
  afterAll(() => company.close());
  beforeEach(async () => {
    company.tellTruth();
    forgetProvider(company.issuer);
    await forgetPeople();
  });
  return {
    company: () => company,
    /** Leaves for the company and comes back with an answer. */
    async comes(form: Record<string, string> = {}, answer: Record<string, string> = {}) {
      const away = await pressCompany("other", form);
      company.nonce = away.searchParams.get("nonce") ?? "";
      return comeBack(answerTo(away, answer));
    },
  };
}

/** What a company that was asked with `away` answers. */
export function answerTo(away: URL, changes: Record<string, string> = {}): URL {
  const back = new URL(CALLBACK);
  const state = away.searchParams.get("state") ?? "";
  const code = randomBytes(8).toString("hex");
  back.search = `${new URLSearchParams({ code, state, ...changes })}`;
  return back;
}

/** An invitation of an operator. */
export async function invite(token: string, email: string | null = null): Promise<void> {
  const tokenHash = hashToken(token);
  const by = { invitedById: administrator().id, invitedByName: "Ada" };
  await db().$transaction((tx) =>
    createInvitation(tx, { ...by, tokenHash, role: "operator", email, name: null }),
  );
}

async function forgetPeople(): Promise<void> {
  closeBrowser();
  await db().companyPolicy.deleteMany();
  await db().administrator.deleteMany();
  await db().signInThrottle.deleteMany();
}
