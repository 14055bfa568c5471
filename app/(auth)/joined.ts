/** Lost with the page, as it should be. */
let joinedAs = "";

export function rememberJoined(email: string): void {
  joinedAs = email;
}

export const joinedEmail = (): string => joinedAs;
