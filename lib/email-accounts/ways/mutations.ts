import { changedValues } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import type { Actor } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { fieldError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import { accountNotFound } from "../queries";
import {
  ACCOUNT_LABELS,
  canUseGraph,
  ONLY_WITH_GRAPH,
  type ReadsBy,
  type SendsBy,
  serviceSchema,
  setReadsBySchema,
  setSendsBySchema,
} from "../schema";

const tell = tellOf("email_account", "email_account");

/** For an account whose server refuses one of them. Tested by the page that it leads to, not by a keeper beside it. */
export const setSendsBy = command({
  input: setSendsBySchema,
  permission: "accounts:write",
  of: "EmailAccount",
  run: (by, { id, ...wanted }): Promise<void> => setWay(by, id, wanted),
});

/** As setSendsBy. */
export const setReadsBy = command({
  input: setReadsBySchema,
  permission: "accounts:write",
  of: "EmailAccount",
  run: (by, { id, ...wanted }): Promise<void> => setWay(by, id, wanted),
});

type Wanted = { sendsBy: SendsBy } | { readsBy: ReadsBy };

async function setWay(
  { tx, actor }: { tx: Transaction; actor: Actor },
  id: string,
  wanted: Wanted,
): Promise<void> {
  const select = { ...only("name version service modernAuthentication sendsBy readsBy") };
  const before = await tx.emailAccount.findUnique({ where: { id }, select });
  if (!before) throw accountNotFound();
  const [way, to] =
    "sendsBy" in wanted
      ? (["sendsBy", wanted.sendsBy] as const)
      : (["readsBy", wanted.readsBy] as const);
  if (before[way] === to) return;
  const { modernAuthentication } = before;
  const service = serviceSchema.parse(before.service);
  if (to === "graph" && !canUseGraph({ service, modernAuthentication }))
    throw fieldError(way, ONLY_WITH_GRAPH);
  await tx.emailAccount.update({
    where: { id },
    data: { [way]: to, version: { increment: 1 }, updatedAt: wallTime() },
    select: { id: true },
  });
  const label = ACCOUNT_LABELS[way];
  const labels = { [way]: label };
  const values = changedValues(before, { ...before, [way]: to }, { labels, names: new Map() });
  await tell(tx, actor, {
    action: "email_account.update",
    id,
    name: before.name,
    detail: { version: before.version + 1, changed: [label], ...values },
  });
}
