import { encode } from "next-auth/jwt";
import { authSecret, SESSION_COOKIE } from "@/lib/http/auth/next-auth";
import { cookieName } from "@/lib/http/auth/own-cookies";
import type { Actor } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { createSession } from "@/lib/people/administrators/store";
import type { Role } from "@/lib/people/roles/schema";
import { person } from "./actors";
import { jar } from "./browser-cookies";

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
  jar.set(
    cookieName(SESSION_COOKIE),
    await encode({ token: { sub: sessionId }, secret: authSecret() }),
  );
  return { ...person(role, name), id, sessionId };
}

export function closeBrowser(): void {
  jar.clear();
}
