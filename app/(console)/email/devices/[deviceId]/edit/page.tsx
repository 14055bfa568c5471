import { byId } from "@/app/(console)/by-id";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { findDevice } from "@/lib/devices/queries";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { EditDeviceForm } from "../../device-form";

type Props = PageProps<"/email/devices/[deviceId]/edit">;

export default async function EditDevicePage({ params }: Props) {
  const actor = await requireUserOf("/email/devices/[deviceId]/edit");
  const device = await byId((await params).deviceId, (id) => findDevice(actor, id));
  return (
    <Page
      title={`Edit ${device.name}`}
      width="form"
      parent={{ href: routes.device(device.id), label: device.name }}
      description="Its password stays the same. If its limits change, its open connections are closed."
    >
      <EditDeviceForm device={device} accounts={await searchEmailAccounts(actor, "")} />
    </Page>
  );
}
