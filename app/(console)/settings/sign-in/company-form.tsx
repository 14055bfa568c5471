"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { CopyField } from "@/components/copy-field";
import { PasswordField, SelectField, TextField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { editing, useActionForm } from "@/components/use-action-form";
import { pick } from "@/lib/kernel/pick";
import type { PeopleOf } from "@/lib/oauth/openid/presets/preset";
import { FIRST_PRESET } from "@/lib/oauth/openid/presets/table";
import { PRESET_FACTS, PRESETS, type Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/send";
import type { CompanySignInDetail } from "@/lib/people/company/queries";
import {
  type CompanySignInValues,
  createCompanySignInSchema,
  SAME_IN_ROW,
  updateCompanySignInSchema,
} from "@/lib/people/company/schema";
import type { Role } from "@/lib/people/roles/schema";
import { createCompanySignInAction, updateCompanySignInAction } from "./actions";
import { RoleFields, SessionFields } from "./role-fields";

type CompanyFormProps = {
  clouds: SignInCloud[];
  redirectUris: Partial<Record<Preset, string>>;
  company?: CompanySignInDetail;
};

export function CompanyForm({ clouds, redirectUris, company }: CompanyFormProps) {
  const router = useRouter();
  const [edited] = useState(company);
  const actionForm = useActionForm<CompanySignInValues, { id: string }>({
    schema: edited ? updateCompanySignInSchema : createCompanySignInSchema,
    defaultValues: edited ? { ...keyOf(edited), ...valuesOf(edited) } : EMPTY_VALUES,
    action: (values) =>
      edited
        ? editing(edited, updateCompanySignInAction({ ...values, ...keyOf(edited) }))
        : createCompanySignInAction(values),
    onSuccess: ({ id }) => {
      notifySuccess("Saved. Next: Test the sign-in.");
      router.push(routes.companySignIn(id));
    },
  });
  return (
    <FormPage
      actionForm={actionForm}
      submitLabel="Save"
      cancelHref={edited ? routes.companySignIn(edited.id) : "/settings/sign-in"}
    >
      <CompanyFields clouds={clouds} redirectUris={redirectUris} isNew={!edited} />
      <RoleFields />
      <SessionFields />
    </FormPage>
  );
}

const keyOf = ({ id, version }: CompanySignInDetail) => ({ id, version });

type CompanyFieldsProps = {
  clouds: SignInCloud[];
  redirectUris: Partial<Record<Preset, string>>;
  isNew: boolean;
};

function CompanyFields({ clouds, redirectUris, isNew }: CompanyFieldsProps) {
  const { watch, setValue, clearErrors } = useFormContext<CompanySignInValues>();
  const preset = watch("preset");
  const changePreset = () => {
    setValue("roleClaim", PRESET_FACTS[watch("preset")].roleClaim);
    // Hidden fields of another provider must not be wrong unseen.
    for (const field of ["tenantId", "domains", "issuer"] as const) setValue(field, "");
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

function PeopleFields({ people, clouds }: { people: PeopleOf; clouds: SignInCloud[] }) {
  if (people.field === "tenantId")
    return <TenantFields issuerOf={people.issuerOf} clouds={clouds} />;
  const texts =
    people.field === "domains"
      ? {
          label: "Domains",
          description: `Domains whose people may sign in, separated by commas. Issuer: ${people.issuer}`,
          placeholder: "contoso.com",
        }
      : {
          label: "Issuer",
          description:
            "Exactly as your provider shows it. Its configuration is at this address, below /.well-known/openid-configuration.",
          placeholder: people.example,
          inputMode: "url" as const,
          spellCheck: false,
        };
  return <TextField<CompanySignInValues> name={people.field} {...texts} withAsterisk />;
}

type TenantFieldsProps = {
  issuerOf: (authority: string, tenantId: string) => string;
  clouds: SignInCloud[];
};

function TenantFields({ issuerOf, clouds }: TenantFieldsProps) {
  const { watch } = useFormContext<CompanySignInValues>();
  const [cloud, tenantId] = watch(["cloud", "tenantId"]);
  const authority = clouds.find(({ id }) => id === cloud)?.authority;
  const issuer = authority && tenantId ? `Issuer: ${issuerOf(authority, tenantId.trim())}` : "";
  return (
    <>
      <SelectField<CompanySignInValues>
        name="cloud"
        label="Cloud"
        data={clouds.map(({ id, label }) => ({ value: id, label }))}
      />
      <TextField<CompanySignInValues>
        name="tenantId"
        label="Tenant ID"
        description={`Only people of this tenant may sign in. ${issuer}`}
        placeholder="00000000-0000-0000-0000-000000000000"
        spellCheck={false}
        withAsterisk
      />
    </>
  );
}

export const EMPTY_VALUES: CompanySignInValues = {
  preset: FIRST_PRESET,
  name: "",
  cloud: "global",
  tenantId: "",
  domains: "",
  issuer: "",
  clientId: "",
  clientSecret: "",
  roleClaim: PRESET_FACTS[FIRST_PRESET].roleClaim,
  administrator: "",
  operator: "",
  auditor: "",
  viewer: "",
  defaultRole: "",
  createsPeople: true,
  requiredAmr: "",
  sessionHours: 8,
  rechecks: false,
  endsAtCompany: false,
};

function valuesOf(detail: CompanySignInDetail): CompanySignInValues {
  const { pinned, roleValues } = detail;
  const { field } = PRESET_FACTS[detail.preset].people;
  const lines = (role: Role) => roleValues[role].join("\n");
  return {
    ...pick(detail, SAME_IN_ROW),
    cloud: detail.cloud ?? EMPTY_VALUES.cloud,
    tenantId: field === "tenantId" ? (pinned[0] ?? "") : "",
    domains: field === "domains" ? pinned.join(", ") : "",
    issuer: field === "issuer" ? detail.issuer : "",
    clientSecret: "",
    administrator: lines("administrator"),
    operator: lines("operator"),
    auditor: lines("auditor"),
    viewer: lines("viewer"),
    defaultRole: detail.defaultRole ?? "",
    requiredAmr: detail.requiredAmr ?? "",
  };
}
