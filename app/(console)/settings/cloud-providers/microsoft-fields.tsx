"use client";

import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { SelectField } from "@/components/fields";
import { TextField } from "@/components/text-fields";
import { trimGuid } from "@/lib/registrations/credentials/schema";
import { grantChoices, MICROSOFT_GRANTS } from "@/lib/registrations/registration/schema";
import { GRANT_HINTS } from "./grant-hints";
import type { RegistrationValues } from "./registration-values";

const GRANTS = grantChoices(MICROSOFT_GRANTS);

export function MicrosoftFields() {
  return (
    <>
      <GuidField
        name="clientId"
        label="Application Id"
        description="“Application (client) ID” on the app registration's overview."
      />
      <GuidField
        name="tenantId"
        label="Tenant Id"
        description="“Directory (tenant) ID” on the same page, or a domain of the tenant."
      />
    </>
  );
}

export function MicrosoftGrantField() {
  const { watch } = useFormContext<RegistrationValues>();
  return (
    <SelectField<RegistrationValues>
      name="grant"
      label="How mailboxes sign in"
      description={GRANT_HINTS[watch("grant")]}
      data={GRANTS}
    />
  );
}

type GuidFieldProps = { name: "clientId" | "tenantId"; label: string; description: string };

/** Spaces and braces that were copied along are removed, and that is said. */
function GuidField({ name, label, description }: GuidFieldProps) {
  const { getValues, setValue } = useFormContext<RegistrationValues>();
  const [wasTrimmed, setTrimmed] = useState(false);
  const trim = () => {
    const typed = getValues(name);
    const trimmed = trimGuid(typed);
    setTrimmed(trimmed !== typed);
    if (trimmed !== typed) setValue(name, trimmed, { shouldValidate: true });
  };
  return (
    <TextField<RegistrationValues>
      name={name}
      onBlur={trim}
      label={label}
      description={wasTrimmed ? "Spaces or braces around it were removed." : description}
      placeholder="00000000-0000-0000-0000-000000000000"
      spellCheck={false}
      withAsterisk
    />
  );
}
