"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { createCompanySignInSchema } from "@/lib/access/company/schema";
import type { Preset } from "@/lib/oauth/openid/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import { createCompanySignInAction } from "../actions";
import { CompanyForm } from "../company-form";
import { EMPTY_VALUES } from "../company-values";

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
