import { withoutSecrets } from "@/lib/kernel/text/foreign-text";

type Request = { url: string; headers?: Record<string, string>; form?: URLSearchParams };
type Reply = {
  status: number;
  headers: Record<string, string>;
  body: string;
  sent?: readonly string[];
};

/** Fields of token requests that prove something (RFC 6749, 7521, 7636, 8628, 6750). */
const SECRET_FIELDS = new Set([
  "access_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_verifier",
  "device_code",
  "id_token_hint",
  "password",
  "refresh_token",
  "subject_token",
  "token",
]);

const SECRET_HEADERS = new Set(["authorization", "cookie", "x-identity-header"]);

/** Shorter values cannot be distinguished from the words around them. */
const MIN_LENGTH = 8;

/** What a request says in confidence, found in the request itself, so that callers need not pass it on. */
export function sentSecrets({ url, headers = {}, form }: Request): string[] {
  const { searchParams } = new URL(url);
  const fields = [...searchParams, ...(form ?? [])];
  const named = fields.filter(([name]) => SECRET_FIELDS.has(name)).map(([, value]) => value);
  const proofs = Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.has(name.toLowerCase()))
    .flatMap(([, value]) => proofsOf(value));
  return [...named, ...proofs].filter((value) => value.length >= MIN_LENGTH);
}

/** `Bearer …`, or `Basic` with a name and a password in it (RFC 7617). */
function proofsOf(header: string): string[] {
  const [, scheme = "", value = header] = /^(Basic|Bearer) +(\S.*)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== "basic") return [value];
  const opened = Buffer.from(value, "base64").toString("utf8");
  return [value, opened.slice(opened.indexOf(":") + 1)];
}

/**
 * A reply without what the request said in confidence, and with a list of those values. A successful answer
 * stays as it is, because it contains tokens, and because searching all of its text costs as much as the
 * request itself: quotes from it are cleaned with that list.
 */
export function withoutSent(request: Request, reply: Reply): Reply {
  const secrets = sentSecrets(request);
  if (secrets.length === 0) return reply;
  if (reply.status >= 200 && reply.status < 300) return { ...reply, sent: secrets };
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [
      name,
      withoutSecrets(value, { secrets }),
    ]),
  );
  return { ...reply, headers, body: cleanBody(reply.body, secrets), sent: secrets };
}

/** So much of the texts in a refusal is read; the rest has no use. */
const MAX_READ = 16 * 1024;

/** In JSON each text separately, so that the rest can still be read. */
function cleanBody(body: string, secrets: readonly string[]): string {
  let read = 0;
  try {
    const cleaned: unknown = JSON.parse(body, (_name, value: unknown) => {
      if (typeof value !== "string") return value;
      read += value.length;
      return read > MAX_READ ? "" : withoutSecrets(value, { secrets });
    });
    return JSON.stringify(cleaned);
  } catch {
    return withoutSecrets(body, { secrets });
  }
}
