import { byId } from "@/app/(console)/by-id";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { requireUserOf } from "@/lib/http/auth/session";
import { findCloudProvider, listClouds } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import { EditCloudProviderForm } from "../../cloud-provider-form";

type Props = PageProps<"/settings/cloud-providers/[cloudProviderId]/edit">;

export default async function EditCloudProviderPage({ params }: Props) {
  const actor = await requireUserOf("/settings/cloud-providers/[cloudProviderId]/edit");
  const provider = await byId((await params).cloudProviderId, (id) => findCloudProvider(actor, id));
  return (
    <Page
      title={`Edit ${provider.name}`}
      parent={{ href: routes.cloudProvider(provider.id), label: provider.name }}
      width="form"
    >
      <EditCloudProviderForm
        provider={provider}
        clouds={listClouds(actor)}
        redirectUri={redirectUri(provider.service)}
      />
    </Page>
  );
}
