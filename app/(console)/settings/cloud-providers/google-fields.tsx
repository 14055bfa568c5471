"use client";

import { NativeSelect, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import { grantChoices } from "@/lib/registrations/registration/schema";
import { GRANT_HINTS } from "./grant-hints";
import type { RegistrationValues } from "./registration-values";

const GRANTS = grantChoices(GOOGLE_GRANTS);

/** What an OAuth client at Google consists of, or a service account. */
export function GoogleFields() {
  const form = useFormContext<RegistrationValues>();
  const { errors } = form.formState;
  const isAccount = form.watch("grant") === "domain_wide";
  return (
    <>
      <NativeSelect
        label="How mailboxes sign in"
        description={GRANT_HINTS[form.watch("grant")]}
        data={GRANTS}
        error={errors.grant?.message}
        {...form.register("grant", {
          onChange: () => {
            form.setValue("clientId", "");
            form.clearErrors("clientId");
          },
        })}
      />
      <TextInput
        label="Client Id"
        description={
          isAccount
            ? "The unique id of the service account. The key file below fills it in."
            : "From the OAuth client in the Google Cloud console, type Web application."
        }
        placeholder={
          isAccount ? "100000000000000000000" : "123456789012-abc.apps.googleusercontent.com"
        }
        autoComplete="off"
        spellCheck={false}
        withAsterisk
        error={errors.clientId?.message}
        {...form.register("clientId")}
      />
      {!isAccount && (
        <TextInput
          label="Workspace domain"
          description="Only people of this domain can sign in. Leave empty for personal Gmail accounts."
          placeholder="example.com"
          autoComplete="off"
          spellCheck={false}
          error={errors.tenantId?.message}
          {...form.register("tenantId")}
        />
      )}
    </>
  );
}
