import type { Faults } from "../faults";
import type { GoogleUser } from "./directory";
import { GOOGLE_ERRORS, GoogleError, type GoogleErrorId } from "./google-error";
import type { GoogleState } from "./state";

export interface GoogleCode {
  user: GoogleUser;
  redirectUri: string;
  codeChallenge: string;
  nonce: string | undefined;
  scope: string;
  isOffline: boolean;
  issuedAt: number;
}

/** What the sandbox's Google keeps, beside what it shares with the rest of the sandbox. */
export interface Google {
  state: GoogleState;
  redirectUris: string[];
  codes: Map<string, GoogleCode>;
  /** Account numbers that agreed to the mail scope. */
  consented: Set<string>;
}

/** What its tokens stand for. */
export type GoogleToken = { sub: string; scope: string; endsAt: number };

export const MAIL_SCOPE = "https://mail.google.com/";
export const ACCESS_PREFIX = "ya29.";
export const REFRESH_PREFIX = "1//";

/** @throws GoogleError the one that a fault asks for */
export function raiseFault(faults: Faults, place: "authorize" | "token", mailbox?: string) {
  for (const id of Object.keys(GOOGLE_ERRORS) as GoogleErrorId[])
    if (faults.strikes(googleFault(id), { place, mailbox })) throw new GoogleError(id);
}

export function googleFault(id: GoogleErrorId): string {
  return `google:${id}`;
}
