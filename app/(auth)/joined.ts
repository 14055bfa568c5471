/** The address of who has just joined in this tab, or chosen a new password. Lost with the page, as it should be. */
let joinedAs = "";

/** The sign-in that follows need not ask for it again. */
export function rememberJoined(email: string): void {
  joinedAs = email;
}

export const joinedEmail = (): string => joinedAs;
