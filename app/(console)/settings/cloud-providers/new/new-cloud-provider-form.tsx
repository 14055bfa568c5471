"use client";

import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useFormContext } from "react-hook-form";
import type { z } from "zod";
import { CopyField } from "@/components/copy-field";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { Grant } from "@/lib/oauth/schema";
import { isByItself, REGISTRATION_DEFAULTS } from "@/lib/registrations/registration/schema";
import {
  type CloudChoice,
  createCloudProviderSchema,
  type ServiceId,
} from "@/lib/registrations/schema";
import { createCloudProviderAction } from "../actions";
import { HAS_CREDENTIAL_KINDS } from "../credential-choices";
import { CredentialFields, CredentialKindField } from "../credential-fields";
import { emptyCredential } from "../credential-form";
import { DomainWideDelegation } from "../domain-wide-delegation";
import { FORM_VARIANTS } from "../form-variants";
import { AdvancedRegistration, RegistrationFields } from "../registration-fields";

type Values = z.input<typeof createCloudProviderSchema>;
type RedirectUris = Record<ServiceId, string>;
type NewCloudProviderFormProps = { clouds: CloudChoice[]; redirectUris: RedirectUris };

const NOT_PROVED: Readonly<Record<string, string>> & { other: string } = {
  generated_certificate: "Saved. Next: download the certificate, and register it.",
  other: "Saved. The identity platform did not respond, so the credential is not proved yet.",
};

export function NewCloudProviderForm({ clouds, redirectUris }: NewCloudProviderFormProps) {
  const router = useRouter();
  const actionForm = useActionForm<Values, { id: string; proved: boolean }>({
    schema: createCloudProviderSchema,
    defaultValues: {
      ...REGISTRATION_DEFAULTS,
      name: "",
      cloud: clouds[0]?.id ?? REGISTRATION_DEFAULTS.cloud,
      clientId: "",
      tenantId: "",
      credential: emptyCredential("client_secret"),
      redirectUri: redirectUris[REGISTRATION_DEFAULTS.service],
    },
    action: createCloudProviderAction,
    onSuccess: ({ id, proved }) => {
      const { grant, credential } = getValues();
      const next = isByItself(grant) ? "Connect" : "Authenticate";
      notifySuccess(
        proved
          ? `Saved. The credential works. Next: ${next}.`
          : (NOT_PROVED[credential.kind] ?? NOT_PROVED.other),
      );
      router.push(routes.cloudProvider(id));
    },
  });
  const { watch, setValue, getValues, clearErrors } = actionForm.form;
  const [service, grant] = watch(["service", "grant"]);
  const isAccount = grant === "domain_wide";
  useEffect(() => {
    setValue("redirectUri", redirectUris[service]);
    if (HAS_CREDENTIAL_KINDS[service]) return;
    clearErrors("credential");
    setValue("credential", emptyCredential(isAccount ? "service_account" : "client_secret"));
  }, [service, isAccount, redirectUris, setValue, clearErrors]);
  return (
    <FormPage
      actionForm={actionForm}
      submitLabel="Add Cloud Provider"
      cancelHref="/settings/cloud-providers"
      intro={<Guide service={service} grant={grant} />}
    >
      <RegistrationFields clouds={clouds} />
      <CredentialFields
        name="credential"
        service={service}
        canChooseKind={false}
        onClientId={(id) => setValue("clientId", id, { shouldValidate: true })}
      />
      <Registered redirectUris={redirectUris} />
      <AdvancedRegistration clouds={clouds}>
        <CredentialKindField name="credential" canMakeOne />
      </AdvancedRegistration>
    </FormPage>
  );
}

function Guide({ service, grant }: { service: ServiceId; grant: Grant }) {
  const { notYet, href } = FORM_VARIANTS[service].guide;
  return (
    <Alert color="indigo" icon={<IconInfoCircle size={18} />}>
      {notYet} yet? The <InlineLink href={href(grant)}>setup guide</InlineLink> walks you through
      it, with every value to copy.
    </Alert>
  );
}

function Registered({ redirectUris }: { redirectUris: RedirectUris }) {
  const [service, grant, clientId] = useFormContext<Values>().watch([
    "service",
    "grant",
    "clientId",
  ]);
  if (grant === "domain_wide")
    return clientId !== "" && <DomainWideDelegation clientId={clientId} />;
  return (
    <CopyField
      label="Redirect URI"
      description={FORM_VARIANTS[service].redirectHint}
      value={redirectUris[service]}
    />
  );
}
