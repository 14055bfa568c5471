import { z } from "zod";
import { shownHostsSchema as hosts, perProtocol } from "@/lib/egress/schema";
import { getAccessToken } from "@/lib/email-accounts/access-token";
import type { AccessToken } from "@/lib/email-accounts/access-token-in-row";
import { getGraphToken } from "@/lib/email-accounts/graph-token";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { TOKEN_ERRORS } from "../error-responses";
import { idParam, ok, operationsOf } from "../operation";

type Token = Pick<
  AccessToken,
  "accessToken" | "expiresAt" | "scopes" | "username" | "emailAddress"
>;

function answerOf({ accessToken, expiresAt, scopes, username, emailAddress }: Token) {
  return {
    access_token: accessToken,
    token_type: "Bearer" as const,
    expires_in: Math.floor((expiresAt.getTime() - wallTime().getTime()) / SECOND_MS),
    scope: scopes.join(" "),
    username,
    email_address: emailAddress,
  };
}

/** RFC 6749 §5.1, with what mail software has to know beside it. A browser is never handed a token. */
export const getAccessTokenOperation = operationsOf("Access tokens").define({
  at: "getAccessToken: GET /api/emailAccounts/{emailAccountId}/accessToken",
  summary: "The access token of an email account",
  description:
    "Renewed first when it has less than five minutes left, once, however many ask. Use it with SASL XOAUTH2 and the name in `users` for the protocol. A key that reaches only some accounts gets no token of an application that signs in by itself (403): it would open every mailbox of the application.",
  permission: "tokens:read",
  isForPrograms: true,
  params: z.object({ emailAccountId: idParam }),
  query: z.strictObject({
    resource: z
      .enum(["mail", "graph"])
      .default("mail")
      .describe("`graph` for Microsoft Graph: of the same sign-in, if it consented to that too."),
  }),
  errors: TOKEN_ERRORS,
  answer: ok(
    "A token that is valid now.",
    z.object({
      access_token: z.string().describe("A bearer token for the resource."),
      token_type: z.literal("Bearer").describe("Always Bearer."),
      expires_in: z.number().int().describe("Seconds."),
      scope: z.string().describe("The granted scopes, separated by spaces."),
      username: z.string().describe("The user name that signed in."),
      users: z
        .object(perProtocol(z.string()))
        .exactOptional()
        .describe(
          "The user name for each protocol: for a shared mailbox they differ. Absent for Microsoft Graph.",
        ),
      email_address: z.string().describe("The address that mail is sent from."),
      hosts: hosts
        .exactOptional()
        .describe("The servers that the token is for. Absent for Microsoft Graph."),
      mailbox_url: z
        .string()
        .exactOptional()
        .describe("The mailbox in Microsoft Graph. Absent for the mail servers."),
    }),
  ),
  async handle({ actor, params: { emailAccountId }, query: { resource } }) {
    if (resource === "graph") {
      const token = await getGraphToken(actor, emailAccountId, {
        purpose: "hand_out",
        way: "send",
      });
      return { ...answerOf(token), mailbox_url: token.origin + token.path };
    }
    const token = await getAccessToken(actor, emailAccountId, "hand_out");
    return { ...answerOf(token), users: token.users, hosts: token.hosts };
  },
});
