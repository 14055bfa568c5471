import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { EnvError, env } from "@/lib/kernel/env";
import { singleton } from "@/lib/kernel/singleton";
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
