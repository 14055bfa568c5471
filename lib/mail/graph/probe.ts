import { type ProbeInput, runProbe } from "../probe-run";
import type { ProtocolReport } from "../schema";
import { type GraphMailbox, postMessage, refusalOf } from "./request";

/** No MIME: refused after all rights were asked for. Nothing is stored or sent. */
const NO_MESSAGE = Buffer.alloc(0);

type GraphProbe = Omit<ProbeInput, "credential"> & {
  /** Called once, in stage `token`. */
  open: () => Promise<GraphMailbox>;
  user: string;
};

/**
 * Whether a mailbox may send through Microsoft Graph, which has no way to ask without sending: a
 * request without a message is refused as such (400) where the rights are there. Never rejects.
 */
export async function probeGraph({ open, user, ...input }: GraphProbe): Promise<ProtocolReport> {
  let address = "";
  const credential = async () => {
    const mailbox = await open();
    ({ address } = mailbox);
    return { kind: "xoauth2", user, accessToken: mailbox.accessToken } as const;
  };
  const stages = ["token", "authenticate", "sender"] as const;
  const report = await runProbe("smtp", { ...input, credential, stages }, async (run) => {
    const presented = await run.credential();
    if (presented.kind !== "xoauth2") return;
    run.enter("authenticate");
    const { accessToken } = presented;
    const reply = await postMessage({ address, accessToken }, NO_MESSAGE);
    const refusal = refusalOf(reply, [accessToken]);
    if (refusal.remedyId !== "graph.message_refused") throw refusal;
    run.found({ host: new URL(address).host });
    run.done();
    run.enter("sender");
    run.note(
      `${input.sender}, asked without a message: not verified with Microsoft. A test message proves it`,
    );
    run.done();
  });
  return { ...report, through: "graph" };
}
