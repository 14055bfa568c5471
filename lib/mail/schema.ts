/** The houses whose hosts Postkey knows, and those that say theirs. */
export const SERVICES = ["outlook365", "outlook_com", "gmail", "yahoo", "custom"] as const;
export type MailService = (typeof SERVICES)[number];
