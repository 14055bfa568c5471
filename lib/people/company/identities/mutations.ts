import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { serializable } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { decision } from "@/lib/people/decision";
import { unlinkIdentitySchema } from "../schema";
import { isCompanyOnly } from "../store";

/**
 * Not one that decides the role: a password would be a second door with a role that no one takes any more. @throws
 * AppError not_found; conflict when there is no other way in
 */
export const unlinkOwnIdentity = decision({
  input: unlinkIdentitySchema,
  permission: "oneself",
  proof: true,
  within: serializable,
  async run({ tx, actor }, { id }): Promise<void> {
    const person = await tx.administrator.findUnique({
      where: { id: actor.id },
      select: {
        role: true,
        passwordHash: true,
        managedById: true,
        identities: { select: { id: true, companySignIn: true } },
      },
    });
    const identity = person?.identities.find((each) => each.id === id);
    if (!person || !identity) throw new AppError("not_found", "This sign-in was already removed.");
    const { companySignIn: company } = identity;
    if (person.managedById === company.id)
      throw new AppError(
        "conflict",
        `${company.name} decides your role, so this account stays with you. Ask an administrator what you may do without it.`,
      );
    const others = person.identities.filter((each) => each !== identity);
    const hasOther = others.some(({ companySignIn }) => companySignIn.enabled);
    if (!hasOther && !(await canUsePassword(tx, person)))
      throw new AppError(
        "conflict",
        "This is your only way in. Ask an administrator for another one first.",
      );
    await tx.administratorIdentity.delete({ where: { id }, select: { id: true } });
    const object = { kind: "administrator", id: actor.id, name: actor.name };
    const detail = { company: company.name };
    await recordAudit(tx, actor, { action: "identity.unlink", object, detail });
  },
});

async function canUsePassword(
  tx: Transaction,
  { role, passwordHash }: { role: string; passwordHash: string | null },
): Promise<boolean> {
  return passwordHash !== null && (role === "administrator" || !(await isCompanyOnly(tx)));
}
