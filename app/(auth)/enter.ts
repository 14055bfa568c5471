import { type Began, requestSession } from "./sign-in/request-session";

/** @returns null if something else is needed: the sign-in page then says what, and knows the address */
export async function enter(email: string, password: string): Promise<Began | null> {
  const began = await requestSession("credentials", { email, password }).catch(() => null);
  if (began?.ok) return began.data;
  rememberJoined(email);
  return null;
}

/** Lost with the page, as it should be. */
let joinedAs = "";

function rememberJoined(email: string): void {
  joinedAs = email;
}

export const joinedEmail = (): string => joinedAs;
