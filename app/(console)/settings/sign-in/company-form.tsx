"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { FormPage } from "@/components/form-page";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { type ActionForm, useActionForm } from "@/components/use-action-form";
import {
  type CompanySignInDetail,
  type CompanySignInValues,
  createCompanySignInSchema,
  updateCompanySignInSchema,
} from "@/lib/access/company/schema";
import type { Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import { createCompanySignInAction, updateCompanySignInAction } from "./actions";
import { CompanyFields } from "./company-fields";
import { EMPTY_VALUES, valuesOf } from "./company-values";
import { RoleFields, SessionFields } from "./role-fields";

type NewCompanyFormProps = { clouds: SignInCloud[]; redirectUris: Record<Preset, string> };

export function NewCompanyForm({ clouds, redirectUris }: NewCompanyFormProps) {
  const router = useRouter();
  const actionForm = useActionForm({
    schema: createCompanySignInSchema,
    defaultValues: EMPTY_VALUES,
    action: createCompanySignInAction,
    onSuccess: ({ id }) => {
      notifySuccess("Saved. Next: Test the sign-in.");
      router.push(routes.companySignIn(id));
    },
  });
  return (
    <CompanyForm
      actionForm={actionForm}
      clouds={clouds}
      redirectUriOf={(preset) => redirectUris[preset]}
      submitLabel="Save"
      cancelHref="/settings/sign-in"
      isNew
    />
  );
}

type EditCompanyFormProps = { company: CompanySignInDetail; clouds: SignInCloud[] };

export function EditCompanyForm({ company, clouds }: EditCompanyFormProps) {
  const router = useRouter();
  const { id, version, redirectUri } = company;
  const actionForm = useActionForm({
    schema: updateCompanySignInSchema,
    defaultValues: { id, version, ...valuesOf(company) },
    action: updateCompanySignInAction,
    onSuccess: () => {
      notifySuccess("Saved. Next: Test the sign-in.");
      router.push(routes.companySignIn(id));
    },
  });
  return (
    <CompanyForm
      actionForm={actionForm}
      clouds={clouds}
      redirectUriOf={() => redirectUri}
      submitLabel="Save"
      cancelHref={routes.companySignIn(id)}
      isNew={false}
    />
  );
}

type CompanyFormProps<V extends CompanySignInValues> = {
  actionForm: ActionForm<V>;
  clouds: SignInCloud[];
  redirectUriOf: (preset: Preset) => string;
  submitLabel: string;
  cancelHref: Route;
  isNew: boolean;
};

function CompanyForm<V extends CompanySignInValues>(props: CompanyFormProps<V>) {
  const { clouds, redirectUriOf, isNew, ...page } = props;
  return (
    <FormPage {...page}>
      <CompanyFields clouds={clouds} redirectUriOf={redirectUriOf} isNew={isNew} />
      <RoleFields />
      <SessionFields />
    </FormPage>
  );
}
