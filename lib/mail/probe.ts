import type { Protocol } from "@/lib/egress/schema";
import type { ProbeInput } from "./probe-input";
import { ProbeRun } from "./probe-run";
import type { ProtocolReport } from "./schema";

/**
 * Runs a probe under one deadline: whatever a library does or fails to do, the sockets that the
 * run was given are closed when the deadline passes, when `signal` is aborted, or at the end.
 * Never rejects; the refusal of a server is its normal result.
 */
export async function runProbe(
  protocol: Protocol,
  input: ProbeInput,
  work: (run: ProbeRun) => Promise<void>,
): Promise<ProtocolReport> {
  const run = new ProbeRun(protocol, input);
  try {
    await Promise.race([run.ended, work(run)]);
    return run.succeeded();
  } catch (error) {
    return run.failed(error);
  } finally {
    run.close();
  }
}
