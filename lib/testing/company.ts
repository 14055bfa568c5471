import { createCompanySignIn, switchCompanySignIn } from "@/lib/access/company/mutations";
import { type CompanySignInValues, createCompanySignInSchema } from "@/lib/access/company/schema";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import type { TestCompany } from "./openid-provider";

type Registered = Pick<TestCompany, "issuer" | "clientId" | "clientSecret">;

/** The form as it is filled in for a company that maps groups to roles. */
export function companyForm(
  { issuer, clientId, clientSecret }: Registered,
  changes: Partial<CompanySignInValues> = {},
): CompanySignInValues {
  return {
    ...{ preset: "other", name: "Contoso", cloud: "", tenantId: "", domains: "" },
    ...{ issuer, clientId, clientSecret, roleClaim: "groups" },
    ...{ administrator: "admins", operator: "ops", auditor: "", viewer: "everybody" },
    ...{ defaultRole: "", createsPeople: true, requiredAmr: "", sessionHours: 8 },
    ...{ rechecks: false, endsAtCompany: false },
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
