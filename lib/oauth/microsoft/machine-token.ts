import { isPreset } from "../configured-clouds";
import { OAuthFailure } from "../oauth-failure";
import type { Credential, Registration } from "../service";
import { acquireIdentityToken } from "./managed-identity";
import { readTokenFile } from "./token-file";

type MachineCredential = Extract<Credential, { kind: "federated_token" | "managed_identity" }>;

/** No one types it in, so it goes only to hosts of the operator's presets. @throws OAuthFailure */
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
