import { Page } from "@/components/page";
import { requireUserOf } from "@/lib/http/auth/session";
import { PLATFORM_NAMES } from "@/lib/oauth/platforms/schema";
import { listClouds } from "@/lib/registrations/queries";
import { redirectUris } from "@/lib/registrations/redirect-uri";
import { NewCloudProviderForm } from "../cloud-provider-form";

export default async function NewCloudProviderPage() {
  const actor = await requireUserOf("/settings/cloud-providers/new");
  return (
    <Page
      title="New Cloud Provider"
      description={`Register the app at ${PLATFORM_NAMES} first; the setup guide shows each step.`}
      parent={{ href: "/settings/cloud-providers", label: "Cloud Providers" }}
      width="form"
    >
      <NewCloudProviderForm clouds={listClouds(actor)} redirectUris={redirectUris()} />
    </Page>
  );
}
