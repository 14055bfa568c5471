"use client";

import { useFormContext } from "react-hook-form";
import { CopyField } from "@/components/copy-field";
import { SelectField } from "@/components/fields";
import { PasswordField, TextField } from "@/components/text-fields";
import { PRESET_FACTS, PRESETS, type Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import type { CompanySignInValues } from "@/lib/people/company/schema";
import { PeopleFields } from "./people-fields";

type CompanyFieldsProps = {
  clouds: SignInCloud[];
  redirectUris: Partial<Record<Preset, string>>;
  isNew: boolean;
};

const OF_ONE_PRESET = ["tenantId", "domains", "issuer"] as const;

export function CompanyFields({ clouds, redirectUris, isNew }: CompanyFieldsProps) {
  const { watch, setValue, clearErrors } = useFormContext<CompanySignInValues>();
  const preset = watch("preset");
  const changePreset = () => {
    setValue("roleClaim", PRESET_FACTS[watch("preset")].roleClaim);
    // Hidden fields of another provider must not be wrong unseen.
    for (const field of OF_ONE_PRESET) setValue(field, "");
    clearErrors();
  };
  return (
    <>
      {isNew && (
        <SelectField<CompanySignInValues>
          name="preset"
          onChange={changePreset}
          label="Provider"
          data={PRESETS.map((value) => ({ value, label: PRESET_FACTS[value].label }))}
        />
      )}
      <TextField<CompanySignInValues>
        name="name"
        label="Name on the button"
        description="Such as your company's: the button says Sign in with …"
        withAsterisk
      />
      <CopyField
        label="Redirect URI"
        description={PRESET_FACTS[preset].registeredAt}
        value={redirectUris[preset] ?? ""}
      />
      <PeopleFields people={PRESET_FACTS[preset].people} clouds={clouds} />
      <TextField<CompanySignInValues>
        name="clientId"
        label="Client ID"
        spellCheck={false}
        withAsterisk
      />
      <PasswordField<CompanySignInValues>
        name="clientSecret"
        label="Client secret"
        description={
          isNew
            ? "Stored encrypted. It is not shown again."
            : "One is stored. Leave this empty to keep it."
        }
        withAsterisk={isNew}
      />
    </>
  );
}
