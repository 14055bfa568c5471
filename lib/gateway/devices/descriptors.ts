import { z } from "zod";
import { log } from "@/lib/kernel/log";
import { MAX_IN_PROCESS } from "./sessions";

/** The connections of a device: its own, and the one to the account's server. */
const OF_DEVICE = 2;
/** For the database, the API, the log and what Node.js opens for itself. */
const RESERVED = 128;
/** However many files there are. Of them no more than half have logged in. */
const MOST = 10_000;
/** With fewer a gateway would be of no use, whatever the system says. */
const LEAST = 8;

const reportSchema = z.object({
  userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.string()]) }) }),
});

/**
 * How many devices the process has files for (`ulimit -n`). One that has none left can neither take a connection
 * nor open one to a server or to the database, and would blame them: who is one too many is told so instead.
 * Node.js raises its soft limit to the hard one when it starts.
 */
export function roomForDevices(): number {
  const files = openFilesLimit();
  const room = Math.min(Math.max(LEAST, Math.floor((files - RESERVED) / OF_DEVICE)), MOST);
  if (room < MAX_IN_PROCESS)
    log.warn(
      { files, connections: room },
      `the gateway may open ${files} files, enough for ${room} connections of devices: raise "ulimit -n" (LimitNOFILE in systemd) to ${RESERVED + OF_DEVICE * MAX_IN_PROCESS} for ${MAX_IN_PROCESS}`,
    );
  return room;
}

/** @returns Infinity where there is no limit, and where the system knows none */
function openFilesLimit(): number {
  const { success, data } = reportSchema.safeParse(process.report.getReport());
  const soft = success ? data.userLimits.open_files.soft : "unlimited";
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
