import { z } from "zod";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { MAX_IN_PROCESS } from "./devices/sessions";

const OWN = 64;
/** The device, and the account's server. */
const OF_DEVICE = 2;
const MOST_OF_API = 5_000;
const MOST_OF_DEVICES = 10_000;
/** With fewer, a gateway is useless. */
const LEAST = 8;

type Room = { api: number; devices: number };

const reportSchema = z.object({
  userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.string()]) }) }),
});

/** Shares of `ulimit -n`, so that idle connections of one do not starve the other. */
export function shareFiles(hasDevices = env().deviceListeners.length > 0): Room {
  const free = openFilesLimit() - OWN;
  const api = between(Math.floor(hasDevices ? free / 4 : free), MOST_OF_API);
  return { api, devices: between(Math.floor((free - api) / OF_DEVICE), MOST_OF_DEVICES) };
}

export function warnOfFewFiles({ devices }: Room): void {
  if (devices >= MAX_IN_PROCESS) return;
  const files = openFilesLimit();
  log.warn(
    { files, connections: devices },
    `the gateway may open ${files} files, enough for ${devices} connections of devices: raise "ulimit -n" (LimitNOFILE in systemd) to ${ENOUGH.toLocaleString("en")} for ${MAX_IN_PROCESS.toLocaleString("en")}`,
  );
}

const ENOUGH = OWN + Math.ceil((MAX_IN_PROCESS * OF_DEVICE * 4) / 3);

function between(share: number, most: number): number {
  return Math.min(Math.max(LEAST, share), most);
}

/** @returns Infinity without a known limit */
function openFilesLimit(): number {
  Object.assign(process.report, { excludeNetwork: true });
  const { success, data } = reportSchema.safeParse(process.report.getReport());
  const soft = success ? data.userLimits.open_files.soft : "unlimited";
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}
