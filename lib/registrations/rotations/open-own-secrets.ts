import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { OwnSecrets, Registration, SecretRotation } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";

/** @throws OAuthFailure; AppError unprocessable where no application of the platform renews its secrets */
export function openOwnSecrets(registration: Registration): Promise<OwnSecrets> {
  return rotationOf(registration).open(registration);
}

export function rotationOf(registration: Registration): SecretRotation {
  const { secretRotation } = serviceOf(registration);
  if (secretRotation) return secretRotation;
  throw new AppError(
    "unprocessable",
    "Client secrets of this platform cannot be renewed automatically.",
  );
}
