import { byId } from "@/app/(console)/by-id";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { findContactList } from "@/lib/contacts/lists/queries";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { EmailAccountForm } from "../../email-account-form";
import { firstAccountChoices } from "../../first-choices";

type Props = PageProps<"/email/accounts/[emailAccountId]/edit">;

export default async function EditEmailAccountPage({ params }: Props) {
  const actor = await requireUserOf("/email/accounts/[emailAccountId]/edit");
  const account = await byId((await params).emailAccountId, (id) => findEmailAccount(actor, id));
  const { cloudProviderId, cloudProviderName, contactListId } = account;
  const provider = cloudProviderId && { id: cloudProviderId, name: cloudProviderName ?? "" };
  const [choices, list] = await Promise.all([
    firstAccountChoices(actor),
    contactListId ? findContactList(actor, contactListId) : null,
  ]);
  return (
    <Page
      title={`Edit ${account.name}`}
      parent={{ href: routes.emailAccount(account.id), label: account.name }}
      width="form"
    >
      <EmailAccountForm
        account={account}
        choices={{ ...choices, provider: provider || null, list }}
      />
    </Page>
  );
}
