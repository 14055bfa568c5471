import { AsyncLocalStorage } from "node:async_hooks";
import { encode } from "next-auth/jwt";
import { createSession } from "@/lib/access/administrators/store";
import type { Role } from "@/lib/access/roles/schema";
import { authSecret, sessionCookieName } from "@/lib/http/auth/next-auth";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { person } from "./actors";

/** The cookies of the browser that the next request comes from. */
export const jar = new Map<string, string>();

/** Those of another browser, for what is done in it: several may ask at once. */
export const otherJar = new AsyncLocalStorage<Map<string, string>>();

/** What `next/headers` gives inside a request of Next.js; there is none here. */
export const nextHeaders = {
  headers: async () => new Headers(),
  cookies: async () => ({
    get: (name: string) => {
      const value = jar.get(name);
      return value === undefined ? undefined : { name, value };
    },
    delete: ({ name }: { name: string }) => jar.delete(name),
  }),
};

/** Signs a person in with a real cookie and a real session row. */
export async function openBrowser(
  name = "Ada",
  role: Role = "administrator",
): Promise<Actor & { sessionId: string }> {
  const email = `${name.toLowerCase()}@contoso.test`;
  const { id } = await db().administrator.upsert({
    where: { email },
    create: { email, name, passwordHash: "-", role },
    update: { role },
    select: { id: true },
  });
  const sessionId = await createSession(id);
  jar.set(sessionCookieName(), await encode({ token: { sub: sessionId }, secret: authSecret() }));
  return { ...person(role, name), id, sessionId };
}

export function closeBrowser(): void {
  jar.clear();
}
