import { readFileSync } from "node:fs";

/** USER_HZ: the same on every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, user and system, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name in parentheses may hold spaces: proc(5), fields 14 and 15 count from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Memory of a process, shared pages counted in proportion, in bytes. */
export function memoryOf(pid: number): number {
  const [, kilobytes] =
    /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1")) ?? [];
  return Number(kilobytes) * 1_024;
}

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return [pid, ...children.split(" ").filter(Boolean).map(Number).flatMap(familyOf)];
}
