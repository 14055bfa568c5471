import { type Began, requestSession } from "./sign-in/request-session";

/** @returns null if something else is needed, which the sign-in page says */
export async function enter(email: string, password: string): Promise<Began | null> {
  const began = await requestSession("credentials", { email, password }).catch(() => null);
  return began?.ok ? began.data : null;
}
