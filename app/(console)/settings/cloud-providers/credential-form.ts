import { useFormContext } from "react-hook-form";
import {
  type CredentialFormValue,
  DEFAULT_CERTIFICATE,
  secretEnd,
} from "@/lib/registrations/credentials/schema";

export type Place = "credential" | "replacement";
export type Kind = CredentialFormValue["kind"];

export function emptyCredential<K extends Kind>(
  kind: K,
): Exclude<CredentialFormValue, { kind: Exclude<Kind, K> }>;
export function emptyCredential(kind: Kind): CredentialFormValue {
  switch (kind) {
    case "client_secret":
      return { kind, clientSecret: "", secretExpiresOn: secretEnd() };
    case "certificate":
      return { kind, file: "", password: "" };
    case "federated_token":
      return { kind, tokenFile: "" };
    case "managed_identity":
      return { kind, identityClientId: "" };
    case "service_account":
      return { kind, keyFile: "" };
    case "generated_certificate":
      return { kind, ...DEFAULT_CERTIFICATE };
    default:
      throw new Error(`Unhandled kind ${kind satisfies never}`);
  }
}

type FieldName = CredentialFormValue extends infer V ? (V extends object ? keyof V : never) : never;

export function useCredential(name: Place) {
  const form = useFormContext<Record<Place, CredentialFormValue>>();
  const error = (field: FieldName) =>
    form.getFieldState(`${name}.${field}`, form.formState).error?.message;
  return { form, error };
}
