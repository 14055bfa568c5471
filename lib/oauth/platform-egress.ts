import type { EgressPolicy } from "@/lib/egress/policy";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "./configured-clouds";

/** The identity platforms of presets, with their keys and their Graph, at whatever port. */
export function platformEgress(): EgressPolicy {
  return singleton("platform-egress", () => {
    const hosts = new Set(
      configuredClouds()
        .flatMap(({ authority, graph, keysUrl }) => [authority, graph, keysUrl])
        .filter((address) => address !== undefined)
        .map((address) => new URL(address).hostname),
    );
    return { isPreset: (host) => hosts.has(host), allowed: env };
  });
}
