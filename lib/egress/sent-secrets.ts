import { withoutSecrets } from "@/lib/kernel/text/foreign-text";

type Request = { url: string; headers?: Record<string, string>; form?: URLSearchParams };
type Reply = {
  status: number;
  headers: Record<string, string>;
  body: string;
  sent?: readonly string[];
};

/** RFC 6749, RFC 7521, RFC 7636, RFC 8628, RFC 6750 */
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

/** Shorter values look like ordinary words. */
const MIN_LENGTH = 8;

/** Found in the request, so callers need not pass them. */
export function sentSecrets({ url, headers = {}, form }: Request): string[] {
  const { searchParams } = new URL(url);
  const fields = [...searchParams, ...(form ?? [])];
  const named = fields.filter(([name]) => SECRET_FIELDS.has(name)).map(([, value]) => value);
  const proofs = Object.entries(headers)
    .filter(([name]) => SECRET_HEADERS.has(name.toLowerCase()))
    .flatMap(([, value]) => proofsOf(value));
  return [...named, ...proofs].filter((value) => value.length >= MIN_LENGTH);
}

/** `Bearer …`, or `Basic` with name and password (RFC 7617). */
function proofsOf(header: string): string[] {
  const [, scheme = "", value = header] = /^(Basic|Bearer) +(\S.*)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== "basic") return [value];
  const opened = Buffer.from(value, "base64").toString("utf8");
  return [value, opened.slice(opened.indexOf(":") + 1)];
}

/** A success stays uncleaned: it contains tokens, and searching costs as much as the request. */
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

/** The rest of a refusal has no use. */
const MAX_READ = 16 * 1024;

/** JSON texts one by one, so the rest stays readable. */
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
