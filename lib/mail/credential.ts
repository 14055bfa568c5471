/** What a mailbox is opened with. */
export type MailCredential = (Xoauth2 | Password) & {
  /** The platform whose servers take it; none for servers that take passwords only. */
  service?: string | null;
  /** What `secretsOf` gives: one list for all that sign in with the same, so that it is looked into once. */
  secrets?: readonly string[];
};

type Xoauth2 = {
  kind: "xoauth2";
  user: string;
  accessToken: string;
  /** Whether the token was fetched for this use; otherwise it was kept from an earlier renewal. */
  isFresh?: boolean;
  /** SMTP: the name to try when the first one is refused. */
  otherUser?: string;
};

type Password = { kind: "password"; user: string; password: string };

/** The parts that no server may have repeated to others. */
export function secretsOf(credential: MailCredential | null | undefined): readonly string[] {
  if (!credential) return [];
  if (credential.secrets) return credential.secrets;
  return [credential.kind === "password" ? credential.password : credential.accessToken];
}

/** What a server was presented with, as far as a refusal may be about it. */
export type Presented = {
  credential: MailCredential["kind"] | undefined;
  service?: string | null | undefined;
  /** What of the credential it was sent, and may repeat. */
  secrets?: readonly string[];
};

export function presented(credential: MailCredential | null | undefined): Presented {
  const secrets = secretsOf(credential);
  return { credential: credential?.kind, service: credential?.service, secrets };
}
