import { byId } from "@/app/(console)/by-id";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { requireUserOf } from "@/lib/http/auth/session";
import { listSignInClouds } from "@/lib/oauth/openid/send";
import { findCompanySignIn } from "@/lib/people/company/queries";
import { CompanyForm } from "../../company-form";

type Props = PageProps<"/settings/sign-in/[companySignInId]/edit">;

export default async function EditCompanySignInPage({ params }: Props) {
  const actor = await requireUserOf("/settings/sign-in/[companySignInId]/edit");
  const company = await byId((await params).companySignInId, (id) => findCompanySignIn(actor, id));
  return (
    <Page
      title={`Edit ${company.name}`}
      parent={{ href: routes.companySignIn(company.id), label: company.name }}
      width="form"
    >
      <CompanyForm
        company={company}
        clouds={listSignInClouds()}
        redirectUris={{ [company.preset]: company.redirectUri }}
      />
    </Page>
  );
}
