import { createRequire } from "node:module";
import { jar, otherJar } from "./browser-cookies";

/**
 * Stands for `next/headers` in unit tests (vitest.config.ts), as there is no request of Next.js: cookies are
 * those of `jar`, or of `otherJar`.
 */
export async function headers(): Promise<Headers> {
  return new Headers({ host: "localhost:3000" });
}

export async function cookies() {
  const now = otherJar.getStore() ?? jar;
  return {
    get: (name: string) => {
      const value = now.get(name);
      return value === undefined ? undefined : { name, value };
    },
    getAll: () => [...now].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string) => now.set(name, value),
    delete: ({ name }: { name: string }) => now.delete(name),
  };
}

// next-auth asks the CommonJS one.
const required: Record<string, unknown> = createRequire(import.meta.url)("next/headers");
Object.assign(required, { headers, cookies });
