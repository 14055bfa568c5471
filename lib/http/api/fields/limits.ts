type Limit = Readonly<Record<string, unknown>>;

/**
 * What a schema cannot say of itself because it looks at a text after normalising it: the limits of the
 * result. Its own are those of what is read at all.
 */
export const FIELD_LIMITS: Readonly<Record<string, Limit>> = {
  name: { minLength: 1, maxLength: 120 },
  key: { maxLength: 5 },
  emailAddress: { format: "email", maxLength: 254 },
  "Messages.to": { format: "email", maxLength: 254 },
  email: { format: "idn-email", maxLength: 254 },
  username: { minLength: 1, maxLength: 254 },
  description: { maxLength: 2_000 },
  subject: { minLength: 1, maxLength: 200 },
  clientId: { minLength: 1, maxLength: 255 },
  clientSecret: { minLength: 1, maxLength: 512 },
  secretExpiresOn: { format: "date" },
  host: { minLength: 1, maxLength: 253 },
  file: { contentEncoding: "base64" },
  identityClientId: { maxLength: 36 },
};

/** Defaults that depend on something else; their texts say on what. */
export const WITHOUT_DEFAULT: ReadonlySet<string> = new Set(["secretExpiresOn", "username"]);
