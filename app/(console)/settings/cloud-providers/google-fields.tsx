"use client";

import { useFormContext } from "react-hook-form";
import { SelectField } from "@/components/fields";
import { TextField } from "@/components/text-fields";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { grantChoices } from "@/lib/registrations/registration/schema";
import { GRANT_HINTS } from "./grant-hints";
import type { RegistrationValues } from "./registration-values";

const GRANTS = grantChoices(GOOGLE_GRANTS);

export function GoogleFields() {
  const form = useFormContext<RegistrationValues>();
  const isAccount = form.watch("grant") === "domain_wide";
  return (
    <>
      <SelectField<RegistrationValues>
        name="grant"
        onChange={() => {
          form.setValue("clientId", "");
          form.clearErrors("clientId");
        }}
        label="How mailboxes sign in"
        description={GRANT_HINTS[form.watch("grant")]}
        data={GRANTS}
      />
      <TextField<RegistrationValues>
        name="clientId"
        label="Client Id"
        description={
          isAccount
            ? "The unique id of the service account. The key file below fills it in."
            : "From the OAuth client in the Google Cloud console, type Web application."
        }
        placeholder={
          isAccount ? "100000000000000000000" : "123456789012-abc.apps.googleusercontent.com"
        }
        spellCheck={false}
        withAsterisk
      />
      {!isAccount && (
        <TextField<RegistrationValues>
          name="tenantId"
          label="Workspace domain"
          description="Only people of this domain can sign in. Leave empty for personal Gmail accounts."
          placeholder="example.com"
          spellCheck={false}
        />
      )}
    </>
  );
}
