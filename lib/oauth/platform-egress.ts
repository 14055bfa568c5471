import { type EgressPolicy, HTTPS_PORT, policyFor } from "@/lib/egress/policy";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "./configured-clouds";

/** The identity platforms of presets, with their keys and their Graph. */
export function platformEgress(): EgressPolicy {
  return singleton("platform-egress", () => {
    const presets = configuredClouds()
      .flatMap(({ authority, graph, keysUrl }) => [authority, graph, keysUrl])
      .filter((address) => address !== undefined)
      .map((address) => new URL(address))
      .map(({ hostname: host, port }) => ({ host, port: Number(port || HTTPS_PORT) }));
    return policyFor(presets, env);
  });
}
