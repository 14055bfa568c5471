import { probeFailure } from "./probe-failure";

const CONTROL = /\p{Cc}/u;

/**
 * The initial response of SASL XOAUTH2 (Microsoft, "Authenticate an IMAP, POP or SMTP connection
 * using OAuth"), base64 without line breaks.
 *
 * @throws ProbeFailure `mail.invalid_credential`: a control character would end a field early and
 *   turn the rest of the value into a field of its own
 */
export function xoauth2InitialResponse(user: string, accessToken: string): string {
  requirePlainText(user, accessToken);
  return Buffer.from(`user=${user}\x01auth=Bearer ${accessToken}\x01\x01`).toString("base64");
}

/** Refuses values that would break out of the line or field they are written into. */
export function requirePlainText(...values: string[]): void {
  if (values.some((value) => CONTROL.test(value))) throw probeFailure("mail.invalid_credential");
}
