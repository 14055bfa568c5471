import { Page } from "@/components/page";
import { requireUserOf } from "@/lib/http/auth/session";
import { listSignInClouds } from "@/lib/oauth/openid/send";
import { findRedirectUris } from "@/lib/people/company/queries";
import { CompanyForm } from "../company-form";

export default async function NewCompanySignInPage() {
  const redirectUris = await findRedirectUris(await requireUserOf("/settings/sign-in/new"));
  return (
    <Page
      title="New company sign-in"
      parent={{ href: "/settings/sign-in", label: "Company sign-in" }}
      width="form"
    >
      <CompanyForm clouds={listSignInClouds()} redirectUris={redirectUris} />
    </Page>
  );
}
