import { probeFailure } from "./probe-failure";

const CONTROL = /\p{Cc}/u;

/** Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth". @throws ProbeFailure `mail.invalid_credential` */
export function xoauth2InitialResponse(user: string, accessToken: string): string {
  requirePlainText(user, accessToken);
  return Buffer.from(`user=${user}\x01auth=Bearer ${accessToken}\x01\x01`).toString("base64");
}

/** Such values would break out of their line or field. */
export function requirePlainText(...values: string[]): void {
  if (values.some((value) => CONTROL.test(value))) throw probeFailure("mail.invalid_credential");
}
