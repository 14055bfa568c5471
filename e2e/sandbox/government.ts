import type { Platform } from "./platform";

/**
 * The cloud of the US government: the same servers by another name, with tenants of its own. What it
 * shares with the rest (state, mail, faults) it shares by reference.
 */
export function government(platform: Platform): Platform {
  const rename = (origin: string) => origin.replace("//localhost:", "//127.0.0.1:");
  return {
    ...platform,
    isGovernment: true,
    authority: rename(platform.authority),
    authorizeOrigin: rename(platform.authorizeOrigin),
  };
}

/** By the name under which it was asked. */
export function platformOf(platform: Platform, host: string | undefined): Platform {
  return host?.startsWith("127.0.0.1") ? government(platform) : platform;
}
