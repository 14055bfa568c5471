export type MailCredential = (Xoauth2 | { kind: "password"; user: string; password: string }) & {
  /** None for servers that take only passwords. */
  service?: string | null;
  /** One array per credential, so that its forms are computed once (foreign-text.ts). */
  secrets?: readonly string[];
};

type Xoauth2 = {
  kind: "xoauth2";
  user: string;
  accessToken: string;
  /** Fetched for this use, not kept. */
  isFresh?: boolean;
  /** SMTP: tried when the first name is refused. */
  otherUser?: string;
};

/** Servers must not repeat these to others. */
export function secretsOf(credential: MailCredential | null | undefined): readonly string[] {
  if (!credential) return [];
  if (credential.secrets) return credential.secrets;
  return [credential.kind === "password" ? credential.password : credential.accessToken];
}

export type Presented = {
  credential: MailCredential["kind"] | undefined;
  service?: string | null | undefined;
  /** The server may repeat these. */
  secrets?: readonly string[];
};

export function presented(credential: MailCredential | null | undefined): Presented {
  const secrets = secretsOf(credential);
  return { credential: credential?.kind, service: credential?.service, secrets };
}
