import { SECOND_MS } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { idSchema } from "@/lib/fields/schema";
import { defineRoute } from "@/lib/http/route";
import { getAccessToken } from "@/lib/tokens/access-token";

export const dynamic = "force-dynamic";

/** RFC 6749 §5.1, for programs with an API key. A browser is never handed a token. */
export const GET = defineRoute<{ emailAccountId: string }>(async ({ actor, params }) => {
  if (actor.kind !== "api_key")
    throw new AppError("access_denied", "Tokens are handed to programs only: send an API key.");
  const id = idSchema.safeParse(params.emailAccountId);
  if (!id.success) throw new AppError("not_found", "This email account no longer exists.");
  const token = await getAccessToken(actor, id.data, "hand_out");
  const body = {
    access_token: token.accessToken,
    token_type: "Bearer",
    expires_in: Math.floor((token.expiresAt.getTime() - Date.now()) / SECOND_MS),
    username: token.username,
    // The name that each protocol takes: of a shared mailbox they differ.
    users: token.users,
    email_address: token.emailAddress,
  };
  return new Response(JSON.stringify(body), {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
});
