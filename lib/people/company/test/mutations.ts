import { recordAudit } from "@/lib/audit/mutations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Claims, Redeemed } from "@/lib/oauth/openid/exchange";
import { OpenIdFailure } from "@/lib/oauth/openid/failure";
import { ROLE_LABELS } from "../../roles/schema";
import { requireStanding } from "../../standing/store";
import { claimsShown, requireOwnPeople, roleOf, somebodyOf } from "../claims";
import { findIdentity } from "../identities/mutations";
import type { TestReport } from "../schema";
import { type Company, findCompany } from "../store";

export async function keepTest(actor: Actor, company: Company, { claims }: Redeemed) {
  requirePermission(actor, "administrators:write");
  await save(actor, company, await judge(claims, company));
}

/** Of one that failed before the person was known. @returns the id of the company sign-in */
export async function keepFailedTest(actor: Actor, slug: string, error: unknown) {
  requirePermission(actor, "administrators:write");
  const company = await findCompany({ slug });
  if (company) await save(actor, company, { ...failed(error), claims: [] });
  return company?.id ?? null;
}

type Judged = Pick<TestReport, "remedyId" | "detail" | "claims" | "role" | "outcome">;

async function judge(claims: Claims, company: Company): Promise<Judged> {
  const shown = { claims: claimsShown(claims) };
  try {
    requireOwnPeople(claims, company);
    const role = roleOf(claims, company);
    return { ...shown, ...(await foresee(claims, { company, role })) };
  } catch (error) {
    return { ...failed(error), ...shown };
  }
}

type Foreseen = { company: Company; role: ReturnType<typeof roleOf> };

async function foresee(claims: Claims, { company, role }: Foreseen) {
  const known = await findIdentity(somebodyOf(claims));
  const given = role ?? (known ? null : company.defaultRole);
  const as = given ? ` as ${ROLE_LABELS[given]}` : " with the role that they have here";
  const ok = { remedyId: null, detail: "", role: given };
  if (known) return { ...ok, outcome: `Would sign in ${known.person.name}${as}.` };
  if (company.createsPeople && given)
    return { ...ok, outcome: `Would create a person${as}: no one here has this identity yet.` };
  return {
    ...ok,
    outcome:
      "Works. No one here has this identity yet: add it in the profile, or by an invitation.",
  };
}

function failed(error: unknown): Omit<Judged, "claims"> {
  const nothing = { role: null, outcome: "" };
  if (error instanceof OpenIdFailure)
    return { ...nothing, remedyId: error.remedyId, detail: error.detail };
  if (error instanceof AppError && error.remedyId)
    return { ...nothing, remedyId: error.remedyId, detail: "" };
  throw error;
}

async function save(
  actor: Actor,
  { id, name, version }: Pick<Company, "id" | "name" | "version">,
  judged: Judged,
): Promise<void> {
  const isWell = judged.remedyId === null;
  const report = { ...judged, at: wallTime().toISOString(), byName: actor.name };
  await db().$transaction(async (tx) => {
    await requireStanding(tx, actor, "administrators:write");
    // Of what is stored now, and not of what was stored when the browser left.
    const { count } = await tx.companySignIn.updateMany({
      where: { id, version },
      data: { testReport: report, ...(isWell && { testedAt: wallTime() }) },
    });
    if (count === 0)
      throw new AppError("stale", "The settings changed during the test. Test again.");
    await recordAudit(tx, actor, {
      action: "company_sign_in.test",
      object: { kind: "company_sign_in", id, name },
      detail: { result: judged.remedyId ?? "ok" },
    });
  });
}
