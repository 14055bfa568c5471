import { z } from "zod";

const clientInfoSchema = z.object({ uid: z.string().min(1), utid: z.string().min(1) });

/**
 * The account at home that `client_info` of a token response names, as MSAL writes it: `<uid>.<utid>`,
 * in lower case; undefined where it names none.
 */
export function homeOf(clientInfo: unknown): string | undefined {
  try {
    const text = Buffer.from(z.string().parse(clientInfo), "base64url").toString("utf8");
    const { uid, utid } = clientInfoSchema.parse(JSON.parse(text));
    return `${uid}.${utid}`.toLowerCase();
  } catch {
    return undefined;
  }
}
