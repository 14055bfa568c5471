import type { Protocol } from "@/lib/egress/schema";
import type { ProbeInput } from "./probe-input";
import { ProbeRun } from "./probe-run";
import type { ProtocolReport } from "./schema";

/** Closes all sockets at the deadline, on abort or at the end. Never rejects. */
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
