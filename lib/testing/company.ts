import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { createSession } from "@/lib/people/administrators/store";
import { createCompanySignIn, switchCompanySignIn } from "@/lib/people/company/mutations";
import { type CompanySignInValues, createCompanySignInSchema } from "@/lib/people/company/schema";
import { findCompany, openOfSession, sealForSession } from "@/lib/people/company/store";
import type { TestCompany } from "./openid-provider";

type Registered = Pick<TestCompany, "issuer" | "clientId" | "clientSecret">;

/** The form as it is filled in for a company that maps groups to roles. */
export function companyForm(
  { issuer, clientId, clientSecret }: Registered,
  changes: Partial<CompanySignInValues> = {},
): CompanySignInValues {
  return {
    preset: "other",
    name: "Contoso",
    cloud: "",
    tenantId: "",
    domains: "",
    issuer,
    clientId,
    clientSecret,
    roleClaim: "groups",
    administrator: "admins",
    operator: "ops",
    auditor: "",
    viewer: "everybody",
    defaultRole: "",
    createsPeople: true,
    requiredAmr: "",
    sessionHours: 8,
    rechecks: false,
    endsAtCompany: false,
    ...changes,
  };
}

/** A company sign-in that is tested and switched on. */
export async function companyInUse(
  actor: Actor,
  company: Registered,
  changes: Partial<CompanySignInValues> = {},
): Promise<string> {
  const input = createCompanySignInSchema.parse(companyForm(company, changes));
  const { id } = await createCompanySignIn(actor, input);
  await db().companySignIn.update({ where: { id }, data: { testedAt: new Date() } });
  await switchCompanySignIn(actor, { id, enabled: true });
  return id;
}

/** The secrets of a company sign-in and of a session that began there, as their own code opens them. */
export async function companySecrets(actor: Actor) {
  const registered = {
    issuer: "https://id.contoso.com",
    clientId: "1",
    clientSecret: "the secret",
  };
  const input = createCompanySignInSchema.parse(companyForm(registered));
  const { id } = await createCompanySignIn(actor, input);
  const company = await companyOf(id);
  const person = { email: "carol@contoso.test", name: "Carol" };
  const { id: administratorId } = await db().administrator.create({ data: person });
  const sessionId = await createSession(administratorId);
  const of = (column: "idTokenSealed" | "refreshTokenSealed") => ({ sessionId, column });
  await db().session.update({
    where: { id: sessionId },
    data: {
      idTokenSealed: sealForSession(company, of("idTokenSealed"), "an ID token"),
      refreshTokenSealed: sealForSession(company, of("refreshTokenSealed"), "a refresh token"),
    },
  });
  const tokenIn = async (column: "idTokenSealed" | "refreshTokenSealed") => {
    const row = await db().session.findUniqueOrThrow({ where: { id: sessionId } });
    return openOfSession(await companyOf(id), of(column), row[column] ?? "");
  };
  return {
    clientSecret: async () => (await companyOf(id)).clientSecret(),
    idToken: () => tokenIn("idTokenSealed"),
    refreshToken: () => tokenIn("refreshTokenSealed"),
  };
}

async function companyOf(id: string) {
  const company = await findCompany({ id });
  if (!company) throw new Error("There is no such company.");
  return company;
}
