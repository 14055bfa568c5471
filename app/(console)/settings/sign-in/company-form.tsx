"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { editing, useActionForm } from "@/components/use-action-form";
import type { Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import {
  type CompanySignInDetail,
  type CompanySignInValues,
  createCompanySignInSchema,
  updateCompanySignInSchema,
} from "@/lib/people/company/schema";
import { createCompanySignInAction, updateCompanySignInAction } from "./actions";
import { CompanyFields } from "./company-fields";
import { EMPTY_VALUES, valuesOf } from "./company-values";
import { RoleFields, SessionFields } from "./role-fields";

type CompanyFormProps = {
  clouds: SignInCloud[];
  redirectUris: Partial<Record<Preset, string>>;
  /** Left out for a new one. */
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
