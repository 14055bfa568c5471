import { importPKCS8, SignJWT } from "jose";
import * as oauth from "oauth4webapi";
import { fromNow, SECOND_MS } from "@/lib/kernel/clock";
import type { Registration, TokenSet } from "../service";
import { MAIL_SCOPE } from "./scopes";
import { openTokenEndpoint, serverOf } from "./token-endpoint";

/** Google's maximum. */
const ASSERTION_LIFE = "1h";

/** RFC 7523 §2.1; Google, "Using OAuth 2.0 for Server to Server Applications". */
export async function acquireForMailbox(registration: Registration, mailbox: string) {
  const { access_token, expires_in } = await exchange(registration, mailbox);
  return {
    accessToken: access_token,
    expiresAt: fromNow(expires_in * SECOND_MS),
    idToken: "",
    ...ofMailbox(mailbox),
  };
}

/** Before its first token; renewing needs only its name. */
export function ofMailbox(mailbox: string): Pick<TokenSet, "cache" | "scopes"> {
  return { cache: JSON.stringify({ mailbox }), scopes: [MAIL_SCOPE] };
}

/** Without a mailbox, the account asks for itself, which needs only its key. */
export async function proveKey(registration: Registration): Promise<void> {
  await exchange(registration, undefined);
}

async function exchange(registration: Registration, mailbox: string | undefined) {
  const { server, client } = serverOf(registration);
  const { options, ask } = openTokenEndpoint();
  const assertion = await sign(registration, server.token_endpoint ?? "", mailbox);
  return ask(async () =>
    oauth.processGenericTokenEndpointResponse(
      server,
      client,
      await oauth.genericTokenEndpointRequest(
        server,
        client,
        oauth.None(),
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        { assertion },
        options,
      ),
    ),
  );
}

async function sign({ credential }: Registration, audience: string, mailbox: string | undefined) {
  if (credential.kind !== "service_account")
    throw new Error(`A ${credential.kind} is not a service account.`);
  const key = await importPKCS8(credential.privateKey, "RS256");
  const token = new SignJWT({ scope: MAIL_SCOPE })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: credential.keyId })
    .setIssuer(credential.clientEmail)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(ASSERTION_LIFE);
  if (mailbox !== undefined) token.setSubject(mailbox);
  return token.sign(key);
}
