import { z } from "zod";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { MAX_IN_PROCESS } from "./devices/sessions";

/** For the database, the log, what a request of the API opens, and what Node.js opens for itself. */
const OWN = 64;
/** The connections of a device: its own, and the one to the account's server. */
const OF_DEVICE = 2;
/** However many files there are: more than the programs of one installation open. */
const MOST_OF_API = 5_000;
/** Of them no more than half have logged in. */
const MOST_OF_DEVICES = 10_000;
/** With fewer a gateway would be of no use, whatever the system says. */
const LEAST = 8;

/** How many connections each may have open. */
type Room = { api: number; devices: number };

const reportSchema = z.object({
  userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.string()]) }) }),
});

/**
 * What the process has files for (`ulimit -n`), the API and the devices, where there are any, each with a share of its
 * own: silent connections to one take nothing of the other. One that has none left can neither take a connection
 * nor open one to a server or to the database, and would blame them: who is one too many is told so instead.
 * Node.js raises its soft limit to the hard one when it starts.
 */
export function shareFiles(hasDevices = env().deviceListeners.length > 0): Room {
  const free = openFilesLimit() - OWN;
  const api = between(Math.floor(hasDevices ? free / 4 : free), MOST_OF_API);
  return { api, devices: between(Math.floor((free - api) / OF_DEVICE), MOST_OF_DEVICES) };
}

/** Says at the start where it is less than a gateway could serve. */
export function warnOfFewFiles({ devices }: Room): void {
  if (devices >= MAX_IN_PROCESS) return;
  const files = openFilesLimit();
  log.warn(
    { files, connections: devices },
    `the gateway may open ${files} files, enough for ${devices} connections of devices: raise "ulimit -n" (LimitNOFILE in systemd) to ${ENOUGH.toLocaleString("en")} for ${MAX_IN_PROCESS.toLocaleString("en")}`,
  );
}

/** Where three quarters are for devices. */
const ENOUGH = OWN + Math.ceil((MAX_IN_PROCESS * OF_DEVICE * 4) / 3);

function between(share: number, most: number): number {
  return Math.min(Math.max(LEAST, share), most);
}

/** @returns Infinity where there is no limit, and where the system knows none */
function openFilesLimit(): number {
  // Without the names of open connections, for which a name server would be asked.
  Object.assign(process.report, { excludeNetwork: true });
  const { success, data } = reportSchema.safeParse(process.report.getReport());
  const soft = success ? data.userLimits.open_files.soft : "unlimited";
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
