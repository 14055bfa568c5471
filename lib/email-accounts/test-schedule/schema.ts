/** What decides whether the mailbox opens, beside a password: after a change of it the account is tested at once. */
export const CONNECTION_FIELDS = [
  "emailAddress",
  "service",
  "modernAuthentication",
  "username",
  "mailbox",
  "cloudProviderId",
  "hosts",
] as const;
