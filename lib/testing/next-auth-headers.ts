import { createRequire } from "node:module";
import { jar, otherJar } from "./browser";

/**
 * Next.js gives a request's cookies and headers through `next/headers`; next-auth asks the CommonJS one. Both
 * see the cookies of `jar`, or of `otherJar`.
 */
export function browserHeaders() {
  const now = () => otherJar.getStore() ?? jar;
  const fake = {
    headers: async () => new Headers({ host: "localhost:3000" }),
    cookies: async () => ({
      get: (name: string) => {
        const value = now().get(name);
        return value === undefined ? undefined : { name, value };
      },
      getAll: () => [...now()].map(([name, value]) => ({ name, value })),
      set: (name: string, value: string) => now().set(name, value),
      delete: ({ name }: { name: string }) => now().delete(name),
    }),
  };
  const shared: Record<string, unknown> = createRequire(import.meta.url)("next/headers");
  Object.assign(shared, fake);
  return fake;
}
