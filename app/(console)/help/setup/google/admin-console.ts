/** Domains have to write it exactly like this (Google, "XOAUTH2"). */
export const MAIL_SCOPE = "https://mail.google.com/";

export const DELEGATION_PAGE = "https://admin.google.com/ac/owl/domainwidedelegation";
export const MAIL_ACCESS_PAGE = "https://admin.google.com/ac/apps/gmail/enduseraccess";
