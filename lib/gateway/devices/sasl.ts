export type Credentials = { user: string; password: string };

export type NoCredentials = "unsupported" | "cancelled" | "no_base64";

/** @param ask sends a prompt; `*` when the client is gone */
export async function readCredentials(
  [mechanism = "", initial, ...more]: readonly string[],
  ask: (prompt: string) => Promise<string>,
): Promise<Credentials | NoCredentials> {
  if (more.length > 0 || !/^(?:PLAIN|LOGIN)$/i.test(mechanism)) return "unsupported";
  const isPlain = /^PLAIN$/i.test(mechanism);
  const response = initial ?? (await ask(isPlain ? "" : USER_PROMPT));
  if (response === "*") return "cancelled";
  if (isPlain) return readPlain(response) ?? "no_base64";
  const user = readBase64(response);
  if (user === null) return "no_base64";
  const second = await ask(PASSWORD_PROMPT);
  if (second === "*") return "cancelled";
  const password = readBase64(second);
  return password === null ? "no_base64" : { user, password };
}

/** Strict, null if invalid; `=` is empty (RFC 4954 §4). */
function readBase64(text: string): string | null {
  if (text === "=" || text === "") return "";
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Buffer.from(text, "base64").toString("utf8");
}

/** RFC 4616, for oneself only; some devices append a NUL. Null if invalid. */
export function readPlain(text: string): Credentials | null {
  const parts = readBase64(text)?.split("\0");
  if (parts?.length === 4 && parts[3] === "") parts.pop();
  if (parts?.length !== 3) return null;
  const [actsAs = "", user = "", password = ""] = parts;
  return actsAs === "" || actsAs === user ? { user, password } : null;
}

/** Exactly so: a Xerox hangs up on other prompts. */
const USER_PROMPT = "VXNlcm5hbWU6";
const PASSWORD_PROMPT = "UGFzc3dvcmQ6";
