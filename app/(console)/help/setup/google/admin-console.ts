/** The scope that IMAP, POP3 and SMTP take (Google, "XOAUTH2"); a domain has to write it like this. */
export const MAIL_SCOPE = "https://mail.google.com/";

/** Pages of the Google Admin console, where the administrator of a Workspace domain decides. */
export const DELEGATION_PAGE = "https://admin.google.com/ac/owl/domainwidedelegation";
export const MAIL_ACCESS_PAGE = "https://admin.google.com/ac/apps/gmail/enduseraccess";
