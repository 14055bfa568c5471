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
import { isByItself } from "@/lib/registrations/registration/schema";
import {
  type CloudChoice,
  createCloudProviderSchema,
  type ServiceId,
} from "@/lib/registrations/schema";
import { createCloudProviderAction } from "../actions";
import { FormFrame, RegistrationFields } from "../cloud-provider-form";
import { CredentialFields } from "../credential-fields";
import { emptyCredential, resetCredential } from "../credential-form";
import { DomainWideDelegation } from "../domain-wide-delegation";

type NewCloudProviderFormProps = {
  clouds: CloudChoice[];
  redirectUris: Record<ServiceId, string>;
};

const NOT_YET = {
  microsoft_azure: "No app registration",
  google: "No project at Google",
} as const satisfies Record<ServiceId, string>;

const NOT_PROVED: Readonly<Record<string, string>> & { other: string } = {
  generated_certificate: "Saved. Next: download the certificate, and register it.",
  other: "Saved. The identity platform did not respond, so the credential is not proved yet.",
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
      if (isProved)
        notifySuccess(
          `Saved. The credential works. Next: ${isByItself(grant) ? "Connect" : "Authenticate"}.`,
        );
      else notifySuccess(NOT_PROVED[kind] ?? NOT_PROVED.other);
      router.push(routes.cloudProvider(id));
    },
  });
  const [service, grant, clientId, kind] = form.watch([
    "service",
    "grant",
    "clientId",
    "credential.kind",
  ]);
  const isAccount = grant === "domain_wide";
  const googleGuide = `/help/setup/google?way=${isAccount ? "domain_wide" : "delegated"}` as const;
  const { setValue } = form;
  useEffect(() => {
    setValue("redirectUri", redirectUris[service]);
    if (service === "google")
      resetCredential(form as never, "credential", isAccount ? "service_account" : "client_secret");
  }, [service, isAccount, redirectUris, setValue, form]);
  return (
    <FormFrame
      onSubmit={submit}
      isSaving={isSaving}
      submitLabel="Add Cloud Provider"
      cancelHref="/settings/cloud-providers"
    >
      <Alert color="indigo" icon={<IconInfoCircle size={18} />}>
        {NOT_YET[service]} yet? The{" "}
        <InlineLink href={service === "google" ? googleGuide : "/help/setup"}>
          setup guide
        </InlineLink>{" "}
        leads through it, with every value to copy.
      </Alert>
      <FormProblem problem={problem} />
      <RegistrationFields form={form as never} clouds={clouds} />
      <CredentialFields
        form={form as never}
        name="credential"
        service={service}
        canMakeOne
        onClientId={(id) => setValue("clientId", id, { shouldValidate: true })}
      />
      {isAccount ? (
        clientId !== "" && <DomainWideDelegation clientId={clientId} />
      ) : (
        <CopyField
          label="Redirect URI"
          description={REDIRECT_HINTS[service]}
          value={redirectUris[service]}
        />
      )}
    </FormFrame>
  );
}
