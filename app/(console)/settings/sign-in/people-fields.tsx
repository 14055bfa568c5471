"use client";

import { useFormContext } from "react-hook-form";
import { SelectField } from "@/components/fields";
import { TextField } from "@/components/text-fields";
import type { PeopleOf } from "@/lib/oauth/openid/presets/preset";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import type { CompanySignInValues } from "@/lib/people/company/schema";

export function PeopleFields({ people, clouds }: { people: PeopleOf; clouds: SignInCloud[] }) {
  switch (people.field) {
    case "tenantId":
      return <TenantFields issuerOf={people.issuerOf} clouds={clouds} />;
    case "domains":
      return <DomainsField issuer={people.issuer} />;
    case "issuer":
      return <IssuerField example={people.example} />;
    default:
      throw new Error(`Unhandled field ${people satisfies never}`);
  }
}

function DomainsField({ issuer }: { issuer: string }) {
  return (
    <TextField<CompanySignInValues>
      name="domains"
      label="Domains"
      description={`Domains whose people may sign in, separated by commas. Issuer: ${issuer}`}
      placeholder="contoso.com"
      withAsterisk
    />
  );
}

function IssuerField({ example }: { example: string }) {
  return (
    <TextField<CompanySignInValues>
      name="issuer"
      label="Issuer"
      description="Exactly as your provider shows it. Its configuration is at this address, below /.well-known/openid-configuration."
      placeholder={example}
      inputMode="url"
      spellCheck={false}
      withAsterisk
    />
  );
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
