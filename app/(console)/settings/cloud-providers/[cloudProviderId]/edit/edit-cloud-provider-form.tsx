"use client";

import { Alert } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { CopyField } from "@/components/copy-field";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { GOOGLE_GRANTS, MICROSOFT_GRANTS } from "@/lib/registrations/registration/schema";
import {
  type CloudChoice,
  type CloudProviderDetail,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { updateCloudProviderAction } from "../../actions";
import { FormFrame, RegistrationFields } from "../../cloud-provider-form";
import { CredentialFields } from "../../credential-fields";
import { emptyCredential } from "../../credential-form";
import { isSameHosts } from "../../registration-values";

type EditCloudProviderFormProps = {
  provider: CloudProviderDetail;
  clouds: CloudChoice[];
  redirectUri: string;
};

export function EditCloudProviderForm({
  provider,
  clouds,
  redirectUri,
}: EditCloudProviderFormProps) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: updateCloudProviderSchema,
    defaultValues: {
      id: provider.id,
      version: provider.version,
      name: provider.name,
      ...(provider.service === "google"
        ? ({ ...ofGoogle(provider), service: "google", type: "gmail" } as const)
        : ({ ...ofMicrosoft(provider), service: "microsoft_azure", type: "outlook365" } as const)),
      cloud: provider.cloud,
      clientId: provider.clientId,
      tenantId: provider.tenantId,
      replacement: null,
    },
    action: updateCloudProviderAction,
    onSuccess: () => {
      notifySuccess("Saved.");
      router.push(routes.cloudProvider(provider.id));
    },
  });
  const { setValue } = form;
  const [clientId, tenantId, cloud, grant] = form.watch(["clientId", "tenantId", "cloud", "grant"]);
  const hosts = form.watch("hosts") ?? clouds.find(({ id }) => id === cloud)?.hosts;
  const isOther =
    !isSameHosts(hosts, provider.hosts ?? undefined) ||
    clientId.trim().toLowerCase() !== provider.clientId ||
    tenantId.trim().toLowerCase() !== provider.tenantId ||
    cloud !== provider.cloud;
  const kind = grant === "domain_wide" ? "service_account" : "client_secret";
  useEffect(() => {
    setValue("replacement", isOther ? emptyCredential(kind) : null);
  }, [isOther, kind, setValue]);
  return (
    <FormFrame
      onSubmit={submit}
      isSaving={isSaving}
      submitLabel="Save"
      cancelHref={routes.cloudProvider(provider.id)}
    >
      <FormProblem problem={problem} />
      <RegistrationFields form={form as never} clouds={clouds} canChooseService={false} />
      {!isOther && grant !== provider.grant && (
        <Alert color="yellow">
          Changing how mailboxes sign in ends the current sign-ins. After saving, sign in or connect
          again.
        </Alert>
      )}
      {isOther && (
        <>
          <Alert color="yellow">
            Nothing stored for the old application, tenant, cloud or host is sent to the new one.
            Enter the new credential; every mailbox has to sign in again.
          </Alert>
          {form.watch("replacement") && (
            <CredentialFields
              form={form as never}
              name="replacement"
              service={provider.service}
              onClientId={(id) => setValue("clientId", id, { shouldValidate: true })}
            />
          )}
        </>
      )}
      {grant !== "domain_wide" && (
        <CopyField
          label="Redirect URI"
          description="Must be in the app registration, exactly as shown here."
          value={redirectUri}
        />
      )}
    </FormFrame>
  );
}

// A grant is written from the form's list of its own service only.
function ofGoogle({ grant }: CloudProviderDetail) {
  return {
    ...({ accountTypes: "tenant", hosts: null } as const),
    grant: grant as (typeof GOOGLE_GRANTS)[number],
  };
}

function ofMicrosoft({ accountTypes, grant, hosts, hasOwnHosts }: CloudProviderDetail) {
  return {
    accountTypes,
    hosts: hasOwnHosts ? hosts : null,
    grant: grant as (typeof MICROSOFT_GRANTS)[number],
  };
}
