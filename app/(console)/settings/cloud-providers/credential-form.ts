import type { UseFormReturn } from "react-hook-form";
import {
  type CredentialFormValue,
  DEFAULT_SECRET_MONTHS,
  isoDay,
} from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";

export type Place = "credential" | "replacement";
export type Kind = CredentialFormValue["kind"];
export type CredentialForm = UseFormReturn<Record<Place, CredentialFormValue>>;

/** What the fields of every kind are given. */
export type FieldsProps = {
  form: CredentialForm;
  name: Place;
  service: ServiceId;
  onClientId?: (clientId: string) => void;
};

/** What a form holds when nothing was typed yet. */
export function emptyCredential<K extends Kind>(
  kind: K,
): Exclude<CredentialFormValue, { kind: Exclude<Kind, K> }>;
export function emptyCredential(kind: Kind): CredentialFormValue {
  switch (kind) {
    case "client_secret":
      return { kind, clientSecret: "", secretExpiresOn: isoDay(DEFAULT_SECRET_MONTHS) };
    case "certificate":
      return { kind, file: "", password: "" };
    case "federated_token":
      return { kind, tokenFile: "" };
    case "managed_identity":
      return { kind, identityClientId: "" };
    case "service_account":
      return { kind, keyFile: "" };
    case "generated_certificate":
      return { kind, bits: "3072", months: "12" };
    default:
      throw new Error(`Unhandled kind ${kind satisfies never}`);
  }
}

/** Begins anew with another kind. Clearing its errors is what makes the form look at it again. */
export function resetCredential(form: CredentialForm, name: Place, kind: Kind): void {
  form.clearErrors(name);
  form.setValue(name, emptyCredential(kind));
}

type FieldName = CredentialFormValue extends infer V ? (V extends object ? keyof V : never) : never;

/** The message of a field, whichever kind it belongs to. */
export function errorsOf(form: CredentialForm, name: Place) {
  return (field: FieldName) =>
    form.getFieldState(`${name}.${field}`, form.formState).error?.message;
}
