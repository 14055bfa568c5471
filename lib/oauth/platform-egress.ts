import { type EgressPolicy, placeOfUrl, policyFor } from "@/lib/egress/policy";
import { env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { configuredClouds } from "./configured-clouds";

export function platformEgress(): EgressPolicy {
  return singleton("platform-egress", () => {
    const presets = configuredClouds()
      .flatMap(({ authority, graph, keysUrl }) => [authority, graph, keysUrl])
      .filter((address) => address !== undefined)
      .map((address) => placeOfUrl(new URL(address)));
    return policyFor(presets, env);
  });
}
