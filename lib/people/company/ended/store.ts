import "server-only";
import { recordAudits } from "@/lib/audit/mutations";
import type { Transaction } from "@/lib/kernel/transaction";

type Named = { id: string; name: string };

export function companyActor({ id, name }: Named) {
  return { kind: "job", id, name } as const;
}

export type Why = Readonly<Record<string, string>>;

type Ending = {
  company: Named;
  sessions:
    | { id: string }
    | { identityId: string }
    | { identity: Record<string, string>; companySid?: string; createdAt?: { lt: Date } };
  why?: Why | undefined;
  isAudited: boolean;
};

export async function endForCompany(
  tx: Transaction,
  { company, sessions: where, why = {}, isAudited }: Ending,
): Promise<void> {
  const ended = await tx.session.findMany({
    where,
    select: { id: true, administrator: { select: { id: true, name: true } } },
  });
  await tx.session.deleteMany({ where: { id: { in: ended.map(({ id }) => id) } } });
  if (!isAudited) return;
  const told = { actor: companyActor(company), action: "session.end_by_company", detail: why };
  await recordAudits(
    tx,
    ended.map(({ administrator: person }) => ({
      ...told,
      object: { kind: "administrator", ...person },
    })),
  );
}
