import type { Protocol } from "@/lib/egress/protocols/schema";
import { OUTCOME_UNKNOWN } from "@/lib/remedies/graph-sending";
import { ProbeFailure, probeFailure } from "../probe-failure";
import { type ProbeInput, type ProbeRun, runProbe } from "../probe-run";
import type { ProtocolReport } from "../schema";
import { countMessages } from "../text";
import { readChanges, readFolder } from "./inbox";
import { type GraphMailbox, postMessage } from "./request";

/** No MIME: refused after all rights were asked for. Nothing is stored or sent. */
const NO_MESSAGE = Buffer.alloc(0);

export type GraphProbe = Omit<ProbeInput, "credential"> & {
  /** Called once, in stage `token`. */
  open: () => Promise<GraphMailbox>;
  user: string;
};

/**
 * Whether a mailbox may send through Microsoft Graph, which has no way to ask without sending: a
 * request without a message is refused as such (400) where the rights are there. Never rejects.
 */
export async function probeGraph(probe: GraphProbe): Promise<ProtocolReport> {
  const stages = ["token", "authenticate", "sender"] as const;
  return runGraphProbe("smtp", { ...probe, stages }, async (run, mailbox) => {
    await requireRights(mailbox);
    run.found({ host: new URL(mailbox.address).host });
    run.done();
    run.enter("sender");
    run.note(
      `${probe.sender}, asked without a message: not verified with Microsoft. A test message proves it`,
    );
    run.done();
  });
}

/** Whether a mailbox may be read through Microsoft Graph, as capture reads it. Never rejects. */
export async function probeGraphInbox(probe: GraphProbe): Promise<ProtocolReport> {
  const stages = ["token", "authenticate", "mailbox"] as const;
  return runGraphProbe("imap", { ...probe, stages }, async (run, mailbox) => {
    const { messages } = await readFolder(mailbox, probe.signal);
    run.found({ host: new URL(mailbox.address).host });
    run.done();
    run.enter("mailbox");
    await readChanges(mailbox, probe.signal);
    run.found({ messages });
    run.note(`${countMessages(messages)}. Headers by Mail.ReadBasic: not verified with Microsoft`);
    run.done();
  });
}

async function runGraphProbe(
  protocol: Protocol,
  { open, user, ...input }: GraphProbe & Pick<ProbeInput, "stages">,
  work: (run: ProbeRun, mailbox: GraphMailbox) => Promise<void>,
): Promise<ProtocolReport> {
  let mailbox: GraphMailbox | undefined;
  const credential = async () => {
    mailbox = await open();
    return { kind: "xoauth2", user, accessToken: mailbox.accessToken } as const;
  };
  const report = await runProbe(protocol, { ...input, credential }, async (run) => {
    await run.credential();
    if (!mailbox) return;
    run.enter("authenticate");
    await work(run, mailbox);
  });
  return { ...report, through: "graph" };
}

/** @throws ProbeFailure that says nothing of a message: there is none */
async function requireRights(mailbox: GraphMailbox): Promise<void> {
  const secrets = [mailbox.accessToken];
  const refusal = await postMessage(mailbox, NO_MESSAGE, { secrets }).then(
    () => probeFailure(OUTCOME_UNKNOWN),
    (error: unknown) => error,
  );
  if (!(refusal instanceof ProbeFailure)) throw refusal;
  const { remedyId, failure } = refusal;
  if (remedyId === OUTCOME_UNKNOWN) throw probeFailure("graph.unclear_answer", failure);
  const isOfMessage = remedyId === "graph.message_refused" || remedyId === "graph.send_refused";
  if (!isOfMessage || !/^400 \S/.test(failure.code ?? "")) throw refusal;
}
