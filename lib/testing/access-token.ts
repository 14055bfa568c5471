export const NOW = new Date("2026-11-25T12:00:00Z");
/** In an hour, as tokens say it. */
export const LATER = NOW.getTime() / 1000 + 3600;

/** What an access token of Microsoft's says that opens a mailbox now. */
export const GOOD = {
  aud: "https://outlook.office.com",
  scp: "IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send",
  upn: "alice@contoso.test",
  exp: LATER,
  tid: "tenant",
};

/** A token with these claims. No one verifies its signature. */
export function jwt(payload: unknown): string {
  const encoded = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `eyJhbGciOiJSUzI1NiJ9.${encoded}.c2lnbmF0dXJl`;
}
