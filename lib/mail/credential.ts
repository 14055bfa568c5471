/** What a mailbox is opened with. */
export type MailCredential =
  | {
      kind: "xoauth2";
      user: string;
      accessToken: string;
      /** SMTP: the name to try when the first one is refused. */
      otherUser?: string;
    }
  | { kind: "password"; user: string; password: string };

/** What of it no server may have repeated to others. */
export function secretsOf(credential: MailCredential | null | undefined): readonly string[] {
  if (!credential) return [];
  return [credential.kind === "password" ? credential.password : credential.accessToken];
}
