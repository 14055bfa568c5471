import type { MailTls } from "@/lib/egress/mail-tls";
import type { EgressPolicy } from "@/lib/egress/policy";
import { trustOf } from "@/lib/egress/trust";

const NOTHING = { privateHosts: new Set<string>(), mailPorts: new Set<number>() };

/** As if presets named every host and port. */
export const EVERYWHERE: EgressPolicy = { isPreset: () => true, allowed: () => NOTHING };
/** As if there were no preset, and the operator allowed nothing. */
export const PUBLIC_ONLY: EgressPolicy = { isPreset: () => false, allowed: () => NOTHING };

/** @param options.extraCaPem one or more PEM certificates */
export function createMailTls(options: { extraCaPem?: string } = {}): MailTls {
  return { secureContext: trustOf(options.extraCaPem) };
}
