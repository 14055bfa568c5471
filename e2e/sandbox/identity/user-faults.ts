import { randomUUID } from "node:crypto";
import type { User } from "../directory";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { IdentityError } from "./identity-error";

interface UserRequest {
  user: User;
  registration: Registration;
  host: string;
}

/** Faults that refuse a person's token request, and the number each is refused with. */
const USER_FAULTS: readonly { id: string; number: number }[] = [
  { id: "grant_revoked", number: 50173 },
  { id: "conditional_access", number: 53003 },
];

/** Throws where a fault refuses this person. */
export function requireNoUserFault(platform: Platform, request: UserRequest): void {
  const where = { place: "token" as const, mailbox: request.user.address };
  const fault = USER_FAULTS.find(({ id }) => platform.faults.strikes(id, where));
  const number = fault?.number ?? platform.faults.raised(where);
  if (number) throw new IdentityError(number, detailsOf(platform, number, request));
}

function detailsOf(platform: Platform, number: number, request: UserRequest) {
  const now = new Date(platform.now());
  return {
    values: {
      client: request.registration.clientId,
      name: request.registration.name,
      user: request.user.address,
      resource: request.host,
      issued: new Date(now.getTime() - 91 * 86_400_000).toISOString(),
      validFrom: now.toISOString(),
    },
    ...(number === 50076 || number === 50079 ? { claims: claimsChallenge() } : {}),
  };
}

/** What a client must hand to the next authorization request to meet the policy. */
function claimsChallenge(): string {
  const values = [randomUUID()];
  return JSON.stringify({ access_token: { capolids: { essential: true, values } } });
}
