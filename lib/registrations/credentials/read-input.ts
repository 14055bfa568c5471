import "server-only";
import { createPrivateKey } from "node:crypto";
import { endOfDay } from "@/lib/kernel/clock";
import { fieldError } from "@/lib/kernel/errors";
import { CertificateProblem, readCertificate } from "@/lib/oauth/certificates/read";
import type { Credential } from "@/lib/oauth/service";
import { readKeyFile } from "../service-account-key/schema";
import type { CredentialInput } from "./schema";

export type BroughtCredential = { credential: Credential; expiresAt: Date | null };

/** @param at the form's field. @throws AppError unprocessable */
export function readCredentialInput(
  input: CredentialInput,
  { at, clientId }: { at: string; clientId: string },
): BroughtCredential {
  switch (input.kind) {
    case "client_secret":
      return {
        credential: { kind: "client_secret", secret: input.clientSecret },
        expiresAt: endOfDay(input.secretExpiresOn),
      };
    case "certificate":
      return readUpload(input, at);
    case "federated_token":
      return { credential: input, expiresAt: null };
    case "managed_identity": {
      const identity = input.identityClientId === "" ? null : input.identityClientId;
      return { credential: { kind: "managed_identity", clientId: identity }, expiresAt: null };
    }
    case "service_account":
      return { credential: readServiceAccount(input.keyFile, { at, clientId }), expiresAt: null };
    default:
      throw new Error(`Unhandled credential ${input satisfies never}`);
  }
}

type Upload = Extract<CredentialInput, { kind: "certificate" }>;

function readUpload({ file, password }: Upload, at: string): BroughtCredential {
  try {
    const { expiresAt, ...keyed } = readCertificate(Buffer.from(file, "base64"), password);
    return { credential: { kind: "certificate", ...keyed }, expiresAt };
  } catch (error) {
    if (error instanceof CertificateProblem)
      throw fieldError(`${at}.${error.field}`, error.message);
    throw error;
  }
}

/** A key signs whatever account it is of: a domain delegated to one of them. */
function readServiceAccount(
  keyFile: string,
  { at, clientId }: { at: string; clientId: string },
): Extract<Credential, { kind: "service_account" }> {
  const key = readKeyFile(keyFile);
  if (!isRsaKey(key.privateKey))
    throw fieldError(
      `${at}.keyFile`,
      "The private key in this file is not an RSA key. Download the file again, or create a new key.",
    );
  if (key.clientId !== clientId)
    throw fieldError(
      `${at}.keyFile`,
      `This key belongs to another service account, with the client id ${key.clientId}. The domain delegated its mail to ${clientId}.`,
    );
  const { clientEmail, keyId, privateKey } = key;
  return { kind: "service_account", clientEmail, keyId, privateKey };
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

const FIRST_FIELD = {
  client_secret: "clientSecret",
  certificate: "file",
  federated_token: "tokenFile",
  managed_identity: "identityClientId",
  service_account: "keyFile",
} as const satisfies Record<CredentialInput["kind"], string>;

export function fieldOf(input: CredentialInput, at: string): string {
  return `${at}.${FIRST_FIELD[input.kind]}`;
}
