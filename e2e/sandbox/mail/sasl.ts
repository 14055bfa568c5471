const CONTROL_A = "\u0001";

/** `user=<name>^Aauth=Bearer <token>^A^A`, from base64. */
export function parseXoauth2(response: string): { user: string; token: string } | undefined {
  const fields = decode(response).split(CONTROL_A);
  const [user = "", authorization = "", ...end] = fields;
  const isWellFormed = end.length === 2 && end.every((field) => field === "");
  const token = /^auth=Bearer (.+)$/i.exec(authorization)?.[1];
  if (!isWellFormed || !token || !user.startsWith("user=")) return undefined;
  return { user: user.slice("user=".length), token };
}

/** RFC 4616: authorization identity, user and password, separated by NUL. */
export function parsePlain(response: string): { user: string; password: string } | undefined {
  const [, user, password] = decode(response).split("\0");
  return user && password !== undefined ? { user, password } : undefined;
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
