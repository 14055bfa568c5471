"use client";

import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { CopyField } from "@/components/copy-field";
import { FormProblem } from "@/components/form-problem";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import {
  type CloudChoice,
  createCloudProviderSchema,
  type ServiceId,
} from "@/lib/cloud-providers/schema";
import { createCloudProviderAction } from "../actions";
import { FormFrame, RegistrationFields } from "../cloud-provider-form";
import { CredentialFields, emptyCredential } from "../credential-fields";

type NewCloudProviderFormProps = {
  clouds: CloudChoice[];
  redirectUris: Record<ServiceId, string>;
};

const REDIRECT_HINTS = {
  microsoft_azure:
    "Add it to the app registration: Authentication, platform Web. Every character counts.",
  google: "Add it to the OAuth client's Authorised redirect URIs. Every character counts.",
} as const satisfies Record<ServiceId, string>;

export function NewCloudProviderForm({ clouds, redirectUris }: NewCloudProviderFormProps) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: createCloudProviderSchema,
    defaultValues: {
      name: "",
      service: "microsoft_azure",
      type: "outlook365",
      cloud: clouds[0]?.id ?? "global",
      accountTypes: "tenant",
      grant: "delegated",
      hosts: null,
      clientId: "",
      tenantId: "",
      credential: emptyCredential("client_secret"),
      redirectUri: redirectUris.microsoft_azure,
    },
    action: createCloudProviderAction,
    onSuccess: ({ id, isProved }) => {
      notifySuccess(
        isProved
          ? "Saved. The credential works. Next: Authenticate."
          : "Saved. The identity platform did not answer, so the credential is not proved yet.",
      );
      router.push(routes.cloudProvider(id));
    },
  });
  const service = form.watch("service");
  const { setValue } = form;
  useEffect(() => {
    setValue("redirectUri", redirectUris[service]);
    if (service === "google") setValue("credential", emptyCredential("client_secret"));
  }, [service, redirectUris, setValue]);
  return (
    <FormFrame
      onSubmit={submit}
      isSaving={isSaving}
      submitLabel="Add Cloud Provider"
      cancelHref="/settings/cloud-providers"
    >
      <Alert color="indigo" icon={<IconInfoCircle size={18} />}>
        No app registration yet? The <InlineLink href="/help/setup">setup guide</InlineLink> leads
        through it, with every value to copy.
      </Alert>
      <FormProblem problem={problem} />
      <RegistrationFields form={form as never} clouds={clouds} />
      <CredentialFields form={form as never} name="credential" service={service} />
      <CopyField
        label="Redirect URI"
        description={REDIRECT_HINTS[service]}
        value={redirectUris[service]}
      />
    </FormFrame>
  );
}
