import { isPreset } from "../configured-clouds";
import { OAuthFailure } from "../oauth-failure";
import type { Credential, Registration } from "../service";
import { acquireIdentityToken } from "./managed-identity";
import { readTokenFile } from "./token-file";

type MachineCredential = Extract<Credential, { kind: "federated_token" | "managed_identity" }>;

/**
 * What this machine proves an application with. It is not typed in, so a person could have it used without
 * knowing it. Therefore it, and everything obtained with it, goes only to the hosts of the operator's
 * presets.
 *
 * @throws OAuthFailure postkey.machine_token_elsewhere, and what reading it throws
 */
export async function machineToken(
  { cloud }: Pick<Registration, "cloud">,
  credential: MachineCredential,
): Promise<string> {
  if (!isPreset(cloud)) {
    const remedyId = "postkey.machine_token_elsewhere";
    throw new OAuthFailure({ kind: "fix_registration", remedyId, details: {} });
  }
  return credential.kind === "federated_token"
    ? readTokenFile(credential.tokenFile)
    : acquireIdentityToken(credential.clientId);
}
