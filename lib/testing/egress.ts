import type { EgressPolicy } from "@/lib/egress/policy";

const NOTHING = { privateHosts: new Set<string>(), mailPorts: new Set<number>() };

/** As if presets named every host and port. */
export const EVERYWHERE: EgressPolicy = { isPreset: () => true, allowed: () => NOTHING };
/** As if there were no preset, and the operator allowed nothing. */
export const PUBLIC_ONLY: EgressPolicy = { isPreset: () => false, allowed: () => NOTHING };
