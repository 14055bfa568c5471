"use client";

import { useRouter } from "next/navigation";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { type CompanySignInDetail, updateCompanySignInSchema } from "@/lib/access/company/schema";
import type { SignInCloud } from "@/lib/oauth/openid/sign-in-clouds";
import { updateCompanySignInAction } from "../../actions";
import { CompanyForm } from "../../company-form";
import { valuesOf } from "../../company-values";

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
