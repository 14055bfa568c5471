/** What a mailbox is opened with. */
export type MailCredential =
  | { kind: "xoauth2"; user: string; accessToken: string }
  | { kind: "password"; user: string; password: string };
