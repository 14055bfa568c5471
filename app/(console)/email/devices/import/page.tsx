import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { describeGateway } from "@/lib/devices/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { NoListeners } from "../connection-fields";
import { ImportDevicesForm } from "./import-devices-form";

export default async function ImportDevicesPage() {
  const actor = await requireUserOf("/email/devices/import");
  const gateway = describeGateway(actor);
  return (
    <Page
      title="Import devices"
      description="Creates many devices from a CSV file. Each gets a password of its own."
      parent={{ href: routes.devices, label: "Devices" }}
    >
      <NoListeners gateway={gateway} />
      <ImportDevicesForm gateway={gateway} />
    </Page>
  );
}
