/**
 * Where a mail protocol is served. RFC 8314: `implicit` is TLS from the first byte, `starttls`
 * upgrades a plain connection. There is no third mode: mail credentials never travel in the clear.
 */
export type MailEndpoint = { host: string; port: number; tls: "implicit" | "starttls" };
