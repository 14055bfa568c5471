import type { Cloud } from "../clouds";
import { GOOGLE_MAIL_HOSTS } from "./schema";

/** Google, "OpenID Connect" and "IMAP, POP, and SMTP". */
export const GOOGLE: Cloud = {
  id: "google",
  service: "google",
  label: "Google",
  authority: "https://oauth2.googleapis.com",
  authorizeOrigin: "https://accounts.google.com",
  issuer: "https://accounts.google.com",
  keysUrl: "https://www.googleapis.com/oauth2/v3/certs",
  scopeHost: "https://mail.google.com",
  portal: "https://console.cloud.google.com",
  mail: GOOGLE_MAIL_HOSTS,
};
