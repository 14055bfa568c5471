import { rememberJoined } from "./joined";
import { type Began, requestSession } from "./sign-in/request-session";

/**
 * Signs in with a password that was chosen just now, as its form does.
 * @returns null where something stands in the way: the sign-in page says what, and knows the address
 */
export async function enter(email: string, password: string): Promise<Began | null> {
  const began = await requestSession("credentials", { email, password }).catch(() => null);
  if (began?.ok) return began.data;
  rememberJoined(email);
  return null;
}
