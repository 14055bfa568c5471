import { requireUnlocked } from "@/lib/installation/keys/store";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { requirePerson } from "@/lib/kernel/oneself";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Redeemed } from "@/lib/oauth/openid/exchange";
import { CLOCKS_APART_S } from "@/lib/oauth/openid/verify";
import { refusedBy } from "@/lib/remedies/app-error";
import { findRemedy } from "@/lib/remedies/catalogue";
import { beginSession, type From, recordRefusal } from "../administrators/sessions";
import { markProven } from "../factors/store";
import { findOpenLink } from "../links/store";
import type { Role } from "../roles/schema";
import { hasOwnAddress, requireOwnPeople, roleOf, type Somebody, somebodyOf } from "./claims";
import { applyRole, mayReadmit, restoreByCompany, revokeByCompany } from "./decisions/store";
import {
  createPerson,
  findIdentity,
  isAddressTaken,
  joinByLink,
  type Known,
  linkIdentity,
  noteSignIn,
} from "./identities/mutations";
import { bindSession, type Company, requireUnchangedCompany, sealForSession } from "./store";

/** An address that is the same as someone's links nothing. @throws AppError of the error catalogue */
export async function signInAtCompany(company: Company, redeemed: Redeemed, from: From) {
  const who = somebodyOf(redeemed.claims);
  const known = await findIdentity(who);
  try {
    requireOwnPeople(redeemed.claims, company);
    if (known?.person.disabledAt && !mayReadmit(known.person, company))
      throw refusedBy("company.person_disabled", "access_denied");
    const role = await roleOrOut(company, redeemed.claims, known);
    if (known?.person.disabledAt) await readmit(company, known, role);
    const identity = known ?? (await admit(company, who, role));
    if (role) await applyRole(company, identity.administratorId, role);
    return await openSession({ company, identity, redeemed, from });
  } catch (error) {
    await tellRefusal({ company, who, from, person: known?.person ?? null }, error);
    throw error;
  }
}

/** Who lost every role is out, whichever way they came in. */
async function roleOrOut(company: Company, claims: Redeemed["claims"], known: Known | null) {
  try {
    return roleOf(claims, company);
  } catch (error) {
    if (known && error instanceof AppError && error.remedyId === "company.no_role")
      await revokeByCompany(company, known, reasonOf(error));
    throw error;
  }
}

type Came = { company: Company; who: Somebody; from: From; person: Known["person"] | null };

async function tellRefusal({ company, who, from, person }: Came, error: unknown): Promise<void> {
  const detail = { company: company.name, ...reasonOf(error) };
  await recordRefusal(person, from, { username: who.username, detail });
}

function reasonOf(error: unknown): { cause: string; reason: string } {
  const cause = (error instanceof AppError && error.remedyId) || "company.failed";
  return { cause, reason: findRemedy(cause).title };
}

async function readmit(company: Company, { person }: Known, role: Role | null): Promise<void> {
  if (!role) throw refusedBy("company.person_disabled", "access_denied");
  await restoreByCompany(company, person, role);
}

export async function joinAtCompany(
  company: Company,
  redeemed: Redeemed,
  { tokenHash, ...from }: From & { tokenHash: string },
): Promise<string> {
  await requireUnlocked();
  const who = somebodyOf(redeemed.claims);
  try {
    const { identity, role } = await join(company, redeemed, tokenHash);
    if (role) await applyRole(company, identity.administratorId, role);
    return await openSession({ company, identity, redeemed, from });
  } catch (error) {
    await tellRefusal({ company, who, from, person: null }, error);
    throw error;
  }
}

async function join(company: Company, { claims }: Redeemed, tokenHash: string) {
  const who = somebodyOf(claims);
  requireOwnPeople(claims, company);
  const role = roleOf(claims, company);
  if (await findIdentity(who)) throw refusedBy("company.identity_taken", "conflict");
  if (!hasOwnAddress(claims, company) && (await findOpenLink(tokenHash))?.email)
    throw refusedBy("company.invitation_foreign", "access_denied");
  if (!(await joinByLink(tokenHash, { company, who }, addressOf(who))))
    throw refusedBy("company.link_void", "not_found");
  return { identity: await joined(who), role };
}

/** @permission none: every person may link a company account of their own. */
export async function linkAtCompany(actor: Actor, company: Company, redeemed: Redeemed) {
  const who = somebodyOf(redeemed.claims);
  requireOwnPeople(redeemed.claims, company);
  const role = roleOf(redeemed.claims, company);
  await linkIdentity(actor, { company, who });
  if (role) await applyRole(company, actor.id, role);
}

async function admit(company: Company, who: Somebody, role: Role | null): Promise<Known> {
  const given = role ?? company.defaultRole;
  if (!company.createsPeople || !given) {
    const isTaken = who.email !== null && (await isAddressTaken(emailKey(who.email)));
    throw refusedBy(isTaken ? "company.address_taken" : "company.person_unknown", "access_denied");
  }
  await requireUnlocked();
  const data = { email: addressOf(who), role: given, isDecided: role !== null };
  await createPerson({ company, who }, data).catch(async (error: unknown) => {
    // Who comes in two tabs at once for the first time is known by the second.
    if (!(await findIdentity(who))) throw error;
  });
  return joined(who);
}

async function joined(who: Somebody): Promise<Known> {
  const identity = await findIdentity(who);
  if (!identity) throw refusedBy("company.not_completed", "conflict");
  return identity;
}

function addressOf({ email }: Somebody): string {
  if (email === null) throw refusedBy("company.address_missing", "access_denied");
  return emailKey(email);
}

type Opening = { company: Company; identity: Known; redeemed: Redeemed; from: From };

async function openSession({ company, identity, redeemed, from }: Opening): Promise<string> {
  const { claims, idToken, refreshToken } = redeemed;
  const sid = typeof claims.sid === "string" ? claims.sid.slice(0, 255) : null;
  // Who was signed in there since the morning has proved nothing now.
  const signedInAt = typeof claims.auth_time === "number" ? claims.auth_time : null;
  return beginSession(identity.person, from, {
    method: "company",
    company: company.name,
    bind: async (tx, { id: sessionId }) => {
      await requireUnchangedCompany(company, tx);
      const seal = (column: "idTokenSealed" | "refreshTokenSealed", value: string | null) =>
        value ? sealForSession(company, { sessionId, column }, value) : null;
      await bindSession(tx, sessionId, {
        identityId: identity.id,
        hours: company.sessionHours,
        sid,
        signedInAt,
        idTokenSealed: seal("idTokenSealed", company.endsAtCompany ? idToken : null),
        refreshTokenSealed: seal("refreshTokenSealed", company.rechecks ? refreshToken : null),
      });
      await noteSignIn(tx, identity.id, somebodyOf(claims).username);
    },
  });
}

/** What signed in just before its token was issued is old by our clock alone. */
function whyOld(signedInAt: number, { iat }: Redeemed["claims"]): "clock_wrong" | "auth_time_old" {
  const isFresh = typeof iat === "number" && iat - signedInAt < CLOCKS_APART_S;
  return isFresh && iat < nowS() - CLOCKS_APART_S ? "clock_wrong" : "auth_time_old";
}

const nowS = () => wallTime().getTime() / SECOND_MS;

type Shown = {
  company: Company;
  redeemed: Redeemed;
  /** In seconds. */
  askedAt: number;
};

/**
 * A browser that is signed in there proves nothing: `auth_time` has to be fresh (OIDC Core §3.1.3.7 rule 13).
 */
export async function proveAtCompany(actor: Actor, { company, redeemed, askedAt }: Shown) {
  const sessionId = requirePerson(actor);
  const { claims } = redeemed;
  requireOwnPeople(claims, company);
  const identity = await findIdentity(somebodyOf(claims));
  if (identity?.administratorId !== actor.id)
    throw refusedBy("company.person_differs", "access_denied");
  const { auth_time: signedInAt } = claims;
  if (typeof signedInAt !== "number") throw refusedBy("company.auth_time_missing", "access_denied");
  if (signedInAt < askedAt - CLOCKS_APART_S)
    throw refusedBy(`company.${whyOld(signedInAt, claims)}`, "access_denied");
  await requireUnchangedCompany(company);
  await markProven(sessionId, { twoFactors: false, signedInAt });
}
