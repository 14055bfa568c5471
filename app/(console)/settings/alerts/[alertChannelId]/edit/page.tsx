import { byId } from "@/app/(console)/by-id";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { findEmailAccount, searchSenders } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { findAlertChannel } from "@/lib/watch/alerts/queries";
import { AlertChannelForm } from "../../alert-channel-form";

type Props = PageProps<"/settings/alerts/[alertChannelId]/edit">;

export default async function EditAlertChannelPage({ params }: Props) {
  const actor = await requireUserOf("/settings/alerts/[alertChannelId]/edit");
  const channel = await byId((await params).alertChannelId, (id) => findAlertChannel(actor, id));
  const { target } = channel;
  const [accounts, account] = await Promise.all([
    searchSenders(actor, ""),
    target.kind === "email_account" ? findEmailAccount(actor, target.emailAccountId) : null,
  ]);
  return (
    <Page
      title={`Edit ${channel.name}`}
      parent={{ href: routes.alertChannel(channel.id), label: channel.name }}
      width="form"
    >
      <AlertChannelForm
        channel={channel}
        accounts={accounts}
        account={account && { id: account.id, name: account.name }}
      />
    </Page>
  );
}
