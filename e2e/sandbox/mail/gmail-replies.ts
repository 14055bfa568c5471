/** What Gmail's mail servers say at the sign-in, over which protocol, and the entry of the error catalogue. */
export const GMAIL_REPLIES = [
  [
    "imap",
    "1 NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)",
    "gmail.off_for_domain",
  ],
  [
    "imap",
    "1 NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)",
    "gmail.off_for_mailbox",
  ],
  [
    "imap",
    "1 NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
    "gmail.bandwidth",
  ],
  [
    "imap",
    "1 NO [WEBALERT https://accounts.google.com/signin/continue?x=1] Web login required. (Failure)",
    "gmail.web_login",
  ],
  ["imap", "1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "gmail.token_refused"],
  [
    "pop3",
    "-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your Gmail settings page.",
    "gmail.off_for_mailbox",
  ],
  ["pop3", "-ERR [AUTH] Username and password not accepted.", "gmail.token_refused"],
  [
    "smtp",
    "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials",
    "gmail.token_refused",
  ],
  [
    "smtp",
    "534-5.7.14 <https://accounts.google.com/signin/continue?x> Please log in via your web browser and\r\n534-5.7.14 then try again.",
    "gmail.web_login",
  ],
  ["smtp", "454 4.7.0 Too many login attempts, please try again later.", "mail.throttled"],
  [
    "smtp",
    "454 4.7.0 Cannot authenticate due to temporary system problem. Try again later.",
    "mail.temporary",
  ],
  ["smtp", "550 5.4.5 Daily user sending limit exceeded.", "gmail.sending_limit"],
] as const;
