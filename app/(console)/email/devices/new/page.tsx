import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { describeGateway } from "@/lib/devices/queries";
import { findEmailAccount, searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { NoListeners } from "../connection-fields";
import { NewDeviceForm } from "../device-form";

export default async function NewDevicePage({ searchParams }: PageProps<"/email/devices/new">) {
  const actor = await requireUserOf("/email/devices/new");
  const accountId = idSchema.safeParse((await searchParams).account).data;
  const [accounts, account] = await Promise.all([
    searchEmailAccounts(actor, ""),
    accountId ? findEmailAccount(actor, accountId) : null,
  ]);
  const chosen = account && { id: account.id, name: account.name, detail: account.emailAddress };
  const gateway = describeGateway(actor);
  return (
    <Page
      title="New device"
      width="form"
      parent={{ href: routes.devices, label: "Devices" }}
      description="A scanner or program that sends or reads the mail of one email account."
    >
      <NoListeners gateway={gateway} />
      <NewDeviceForm accounts={accounts} chosen={chosen} gateway={gateway} />
    </Page>
  );
}
