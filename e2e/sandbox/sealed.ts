import { createHmac } from "node:crypto";

/** Text that only this sandbox can read back: opaque to clients, any number may be out, and none is kept here. */
export function seal(key: string, prefix: string, value: object): string {
  const body = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${prefix}${body}~${signatureOf(key, body)}`;
}

export function unseal<Value>(key: string, prefix: string, token: string): Value | undefined {
  const [body = "", signature] = token.slice(prefix.length).split("~");
  if (!token.startsWith(prefix) || signature !== signatureOf(key, body)) return undefined;
  return JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
}

function signatureOf(key: string, body: string): string {
  return createHmac("sha256", key).update(body).digest("base64url");
}
