import { createRequire } from "node:module";
import { jar } from "./browser";

/**
 * Next.js gives a request's cookies and headers through `next/headers`; next-auth asks the CommonJS one. Both
 * see the cookies of `jar`.
 */
export function browserHeaders() {
  const fake = {
    headers: async () => new Headers({ host: "localhost:3000" }),
    cookies: async () => ({
      get: (name: string) => {
        const value = jar.get(name);
        return value === undefined ? undefined : { name, value };
      },
      getAll: () => [...jar].map(([name, value]) => ({ name, value })),
      set: (name: string, value: string) => jar.set(name, value),
      delete: ({ name }: { name: string }) => jar.delete(name),
    }),
  };
  const shared: Record<string, unknown> = createRequire(import.meta.url)("next/headers");
  Object.assign(shared, fake);
  return fake;
}
