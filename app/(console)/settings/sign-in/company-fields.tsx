"use client";

import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { CopyField } from "@/components/copy-field";
import type { CompanySignInValues } from "@/lib/access/company/schema";
import type { SignInCloud } from "@/lib/oauth/openid/entra-clouds";
import {
  entraIssuer,
  PRESET_FACTS,
  PRESETS,
  type Preset,
  WORKSPACE_ISSUER,
} from "@/lib/oauth/openid/schema";

type CompanyFieldsProps = {
  clouds: SignInCloud[];
  redirectUriOf: (preset: Preset) => string;
  isNew: boolean;
};

const OF_ONE_PRESET = ["tenantId", "domains", "issuer"] as const;

/** Who signs people in, and as which client Postkey asks. */
export function CompanyFields({ clouds, redirectUriOf, isNew }: CompanyFieldsProps) {
  const { register, watch, setValue, clearErrors, formState } =
    useFormContext<CompanySignInValues>();
  const { errors } = formState;
  const preset = watch("preset");
  const changePreset = () => {
    setValue("roleClaim", PRESET_FACTS[watch("preset")].roleClaim);
    // What another provider asks for is not on the page any more: it must not be wrong unseen.
    for (const field of OF_ONE_PRESET) setValue(field, "");
    clearErrors();
  };
  return (
    <>
      {isNew && (
        <NativeSelect
          label="Provider"
          data={PRESETS.map((value) => ({ value, label: PRESET_FACTS[value].label }))}
          error={errors.preset?.message}
          {...register("preset", { onChange: changePreset })}
        />
      )}
      <TextInput
        label="Name on the button"
        description="Such as your company's: the button says Sign in with …"
        autoComplete="off"
        withAsterisk
        error={errors.name?.message}
        {...register("name")}
      />
      <CopyField
        label="Redirect URI"
        description={PRESET_FACTS[preset].registeredAt}
        value={redirectUriOf(preset)}
      />
      <IssuerFields preset={preset} clouds={clouds} />
      <TextInput
        label="Client ID"
        autoComplete="off"
        spellCheck={false}
        withAsterisk
        error={errors.clientId?.message}
        {...register("clientId")}
      />
      <PasswordInput
        label="Client secret"
        description={
          isNew
            ? "Stored encrypted. It is not shown again."
            : "One is stored. Leave this empty to keep it."
        }
        autoComplete="off"
        withAsterisk={isNew}
        error={errors.clientSecret?.message}
        aria-invalid={errors.clientSecret?.message !== undefined}
        {...register("clientSecret")}
      />
    </>
  );
}

function IssuerFields({ preset, clouds }: { preset: Preset; clouds: SignInCloud[] }) {
  const { register, formState } = useFormContext<CompanySignInValues>();
  const { errors } = formState;
  const { issuerExample } = PRESET_FACTS[preset];
  if (preset === "entra") return <EntraFields clouds={clouds} />;
  if (preset === "workspace")
    return (
      <TextInput
        label="Domains"
        description={`Domains whose people may sign in, separated by commas. Issuer: ${WORKSPACE_ISSUER}`}
        placeholder="contoso.com"
        autoComplete="off"
        withAsterisk
        error={errors.domains?.message}
        {...register("domains")}
      />
    );
  return (
    <TextInput
      label="Issuer"
      description="Exactly as your provider shows it. Its configuration is at this address, below /.well-known/openid-configuration."
      placeholder={issuerExample ?? ""}
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      withAsterisk
      error={errors.issuer?.message}
      {...register("issuer")}
    />
  );
}

function EntraFields({ clouds }: { clouds: SignInCloud[] }) {
  const { register, watch, formState } = useFormContext<CompanySignInValues>();
  const [cloud, tenantId] = watch(["cloud", "tenantId"]);
  const authority = clouds.find(({ id }) => id === cloud)?.authority;
  const issuer = authority && tenantId ? `Issuer: ${entraIssuer(authority, tenantId.trim())}` : "";
  return (
    <>
      <NativeSelect
        label="Cloud"
        data={clouds.map(({ id, label }) => ({ value: id, label }))}
        error={formState.errors.cloud?.message}
        {...register("cloud")}
      />
      <TextInput
        label="Tenant ID"
        description={`Only people of this tenant may sign in. ${issuer}`}
        placeholder="00000000-0000-0000-0000-000000000000"
        autoComplete="off"
        spellCheck={false}
        withAsterisk
        error={formState.errors.tenantId?.message}
        {...register("tenantId")}
      />
    </>
  );
}
