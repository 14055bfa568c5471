"use client";

import type { Route } from "next";
import { FormPage } from "@/components/form-page";
import type { ActionForm } from "@/components/use-action-form";
import type { CompanySignInValues } from "@/lib/access/company/schema";
import type { Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import { CompanyFields } from "./company-fields";
import { RoleFields, SessionFields } from "./role-fields";

type CompanyFormProps<V extends CompanySignInValues> = {
  actionForm: ActionForm<V>;
  clouds: SignInCloud[];
  redirectUriOf: (preset: Preset) => string;
  submitLabel: string;
  cancelHref: Route;
  isNew: boolean;
};

export function CompanyForm<V extends CompanySignInValues>(props: CompanyFormProps<V>) {
  const { clouds, redirectUriOf, isNew, ...page } = props;
  return (
    <FormPage {...page}>
      <CompanyFields clouds={clouds} redirectUriOf={redirectUriOf} isNew={isNew} />
      <RoleFields />
      <SessionFields />
    </FormPage>
  );
}
