import { decodeJwt } from "jose";
import { z } from "zod";

const claimsSchema = z.object({
  /** Object id of the enterprise application: Exchange is told it, and not that of the registration. */
  oid: z.string().min(1).max(200),
  roles: z.array(z.string()).catch([]),
});

/**
 * Who the application is in its tenant, and what it may do there. The token is for the mail servers:
 * it is read to be shown, and grants nothing here, so its signature is not verified.
 */
export function readAppClaims(accessToken: string): { objectId: string; roles: string[] } {
  try {
    const { oid, roles } = claimsSchema.parse(decodeJwt(accessToken));
    return { objectId: oid, roles };
  } catch {
    // Microsoft may change the form of its tokens at any time.
    return { objectId: "", roles: [] };
  }
}
