import { testConnection } from "@/lib/checks/run";
import type { ExplainedProtocol, TestEvent } from "@/lib/checks/schema";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import type { Actor } from "@/lib/kernel/actor";

export type TestRun = {
  events: TestEvent[];
  verdict: "ok" | "failed" | undefined;
  protocols: Record<Protocol, ExplainedProtocol>;
};

/** Runs a connection test as the route does, and sorts what it told. */
export async function runTest(
  actor: Actor,
  emailAccountId: string,
  signal = new AbortController().signal,
): Promise<TestRun> {
  const events: TestEvent[] = [];
  const account = await findMailboxAccount(actor, emailAccountId);
  await testConnection(actor, account, { signal, onEvent: (event) => events.push(event) });
  const reports = events.flatMap((event) => (event.type === "protocol" ? [event.report] : []));
  const of = (protocol: Protocol) => {
    const report = reports.find((each) => each.protocol === protocol);
    if (!report) throw new Error(`Nothing was told about ${protocol}.`);
    return report;
  };
  const finished = events.find((event) => event.type === "finished");
  return {
    events,
    verdict: finished?.verdict,
    protocols: { imap: of("imap"), smtp: of("smtp"), pop3: of("pop3") },
  };
}
