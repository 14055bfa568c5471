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

/** What a probe is given beside its server and its credential: no one watches, and no one breaks it off. */
export const probing = (extraCaPem: string) => ({
  sender: "alice@contoso.test",
  signal: new AbortController().signal,
  egress: EVERYWHERE,
  tls: createMailTls({ extraCaPem }),
  onStage: () => {},
});
