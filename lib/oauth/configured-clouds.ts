import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { PROTOCOLS } from "@/lib/egress/protocols/schema";

import { EnvError, env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import { type Cloud, cloudSchema } from "./clouds";
import { GOOGLE } from "./google/clouds";
import { MICROSOFT_CLOUDS } from "./microsoft/clouds";

const BUILT_IN: readonly Cloud[] = [...MICROSOFT_CLOUDS, GOOGLE];

/** A preset replaces a built-in cloud of the same id. @throws EnvError */
export function configuredClouds(): readonly Cloud[] {
  return singleton("clouds", () => {
    const own = readPresets(env().cloudsFile);
    const replaced = new Set(own.map((cloud) => cloud.id));
    return [...own, ...BUILT_IN.filter((cloud) => !replaced.has(cloud.id))];
  });
}

export function findCloud(id: string): Cloud | undefined {
  return configuredClouds().find((cloud) => cloud.id === id);
}

/** From the operator, not from a form. */
export function isPreset(cloud: Cloud): boolean {
  return isDeepStrictEqual(cloud, findCloud(cloud.id));
}

function readPresets(file: string | undefined): Cloud[] {
  if (!file) return [];
  try {
    return z.array(cloudSchema).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new EnvError(`POSTKEY_CLOUDS_FILE is not usable: ${reason}`, { cause: error });
  }
}

const endpoint = cloudSchema.shape.mail.shape.imap.exactOptional();
const cloudHostsSchema: z.ZodType<CloudHosts> = z.strictObject({
  authority: cloudSchema.shape.authority.exactOptional(),
  scopeHost: cloudSchema.shape.scopeHost.exactOptional(),
  graph: z.url({ protocol: /^https$/ }).exactOptional(),
  mail: z.strictObject({ imap: endpoint, smtp: endpoint, pop3: endpoint }).exactOptional(),
});
/** Built once: that takes longer than parsing, and every token handed out needs it. */
const storedSchema = cloudHostsSchema.nullish();

export type CloudHosts = {
  authority?: string;
  scopeHost?: string;
  graph?: string;
  mail?: Partial<Cloud["mail"]>;
};

export function withHosts(cloud: Cloud, stored: unknown): Cloud {
  const hosts = storedSchema.parse(stored);
  if (!hosts) return cloud;
  const { mail, ...origins } = hosts;
  return {
    ...cloud,
    ...origins,
    // Browsers go where tokens come from, unless a preset says otherwise.
    ...(origins.authority !== undefined && { authorizeOrigin: origins.authority }),
    mail: { ...cloud.mail, ...mail },
  };
}

type AllHosts = { authority: string; scopeHost: string; graph: string; mail: Cloud["mail"] };

export function differingHosts(cloud: Cloud, hosts: AllHosts | null): CloudHosts | null {
  if (!hosts) return null;
  const origins = (["authority", "scopeHost", "graph"] as const).filter(
    (name) => hosts[name] !== "" && hosts[name] !== withoutEndSlashes(cloud[name] ?? ""),
  );
  const mail = PROTOCOLS.filter((protocol) => !isSame(hosts.mail[protocol], cloud.mail[protocol]));
  if (origins.length + mail.length === 0) return null;
  const pick = <T extends object>(from: T, names: readonly (keyof T)[]) =>
    Object.fromEntries(names.map((name) => [name, from[name]]));
  return cloudHostsSchema.parse({
    ...pick(hosts, origins),
    ...(mail.length > 0 && { mail: pick(hosts.mail, mail) }),
  });
}

export function hostsOf({ authority, scopeHost, graph, mail }: Cloud): AllHosts {
  return {
    authority: withoutEndSlashes(authority),
    scopeHost: withoutEndSlashes(scopeHost),
    graph: withoutEndSlashes(graph ?? ""),
    mail,
  };
}

function isSame(a: Cloud["mail"]["imap"], b: Cloud["mail"]["imap"]): boolean {
  return a.host === b.host && a.port === b.port && a.tls === b.tls;
}
