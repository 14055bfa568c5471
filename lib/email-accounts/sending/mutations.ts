import { changedValues } from "@/lib/audit/stale-edit";
import { tellOf } from "@/lib/audit/tell";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import { fieldError } from "@/lib/kernel/errors";
import { only } from "@/lib/kernel/words";
import { accountNotFound } from "../queries";
import {
  ACCOUNT_LABELS,
  canUseGraph,
  ONLY_WITH_GRAPH,
  serviceSchema,
  setSendsBySchema,
} from "../schema";

const tell = tellOf("email_account", "email_account");

/** For an account whose server refuses one of them. Tested by the page that it leads to, not by a keeper beside it. */
export const setSendsBy = command({
  input: setSendsBySchema,
  permission: "accounts:write",
  of: "EmailAccount",
  async run({ tx, actor }, { id, sendsBy }): Promise<void> {
    const select = { ...only("name version service modernAuthentication sendsBy") };
    const before = await tx.emailAccount.findUnique({ where: { id }, select });
    if (!before) throw accountNotFound();
    if (before.sendsBy === sendsBy) return;
    const { modernAuthentication } = before;
    const service = serviceSchema.parse(before.service);
    if (sendsBy === "graph" && !canUseGraph({ service, modernAuthentication }))
      throw fieldError("sendsBy", ONLY_WITH_GRAPH);
    await tx.emailAccount.update({
      where: { id },
      data: { sendsBy, version: { increment: 1 }, updatedAt: wallTime() },
      select: { id: true },
    });
    const values = changedValues(
      before,
      { ...before, sendsBy },
      { labels: { sendsBy: ACCOUNT_LABELS.sendsBy }, names: new Map() },
    );
    await tell(tx, actor, {
      action: "email_account.update",
      id,
      name: before.name,
      detail: { version: before.version + 1, changed: [ACCOUNT_LABELS.sendsBy], ...values },
    });
  },
});
