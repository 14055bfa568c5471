export type Credentials = { user: string; password: string };

/** Strict: what is no base64 is no password either. Null then. `=` is the empty text (RFC 4954 §4). */
export function readBase64(text: string): string | null {
  if (text === "=" || text === "") return "";
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Buffer.from(text, "base64").toString("utf8");
}

/**
 * SASL PLAIN (RFC 4616): one may act as oneself alone. Some devices send the NUL that ends their text in memory.
 * Null for what is none.
 */
export function readPlain(text: string): Credentials | null {
  const parts = readBase64(text)?.split("\0");
  if (parts?.length === 4 && parts[3] === "") parts.pop();
  if (parts?.length !== 3) return null;
  const [actsAs = "", user = "", password = ""] = parts;
  return actsAs === "" || actsAs === user ? { user, password } : null;
}

/** The prompts of SASL LOGIN, letter for letter: a Xerox hangs up on any other. */
export const USER_PROMPT = "VXNlcm5hbWU6";
export const PASSWORD_PROMPT = "UGFzc3dvcmQ6";
