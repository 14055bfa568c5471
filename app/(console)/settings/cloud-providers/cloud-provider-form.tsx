"use client";

import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { type UseFormReturn, useFormContext } from "react-hook-form";
import type { z } from "zod";
import { CopyField } from "@/components/copy-field";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { useWish } from "@/components/use-wish";
import type { Grant } from "@/lib/oauth/schema";
import { isByItself } from "@/lib/oauth/schema";
import type { EnteredCredential } from "@/lib/registrations/credentials/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import { REGISTRATION_DEFAULTS } from "@/lib/registrations/registration/schema";
import {
  type CloudChoice,
  createCloudProviderSchema,
  type ServiceId,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { createCloudProviderAction, updateCloudProviderAction } from "./actions";
import { HAS_CREDENTIAL_KINDS } from "./credential-choices";
import { CredentialFields, CredentialKindField } from "./credential-fields";
import { emptyCredential, savedWords } from "./credential-form";
import { DomainWideDelegation } from "./domain-wide-delegation";
import { FORM_VARIANTS } from "./form-variants";
import { AdvancedRegistration, RegistrationFields } from "./registration-fields";
import { isSameHosts } from "./service-fields";

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

type EditCloudProviderFormProps = {
  provider: CloudProviderDetail;
  clouds: CloudChoice[];
  redirectUri: string;
};

export function EditCloudProviderForm(props: EditCloudProviderFormProps) {
  const { provider, clouds, redirectUri } = props;
  const router = useRouter();
  const [isOpen, setOpen] = useState(
    provider.hasOwnHosts || provider.grant !== "delegated" || provider.accountTypes !== "tenant",
  );
  const actionForm = useActionForm<EditedValues, EnteredCredential | null>({
    schema: updateCloudProviderSchema,
    defaultValues: valuesOf(provider),
    action: updateCloudProviderAction,
    onSuccess: (entered) => {
      notifySuccess(savedWords(entered, provider.service));
      router.push(routes.cloudProvider(provider.id));
    },
  });
  const { watch, setValue } = actionForm.form;
  useHostsWish(provider, { form: actionForm.form, open: () => setOpen(true) });
  const grant = watch("grant");
  const isOther = isOtherRegistration(provider, clouds, watch());
  const kind = grant === "domain_wide" ? "service_account" : "client_secret";
  useEffect(() => {
    setValue("replacement", isOther ? emptyCredential(kind) : null);
  }, [isOther, kind, setValue]);
  return (
    <FormPage
      actionForm={actionForm}
      submitLabel="Save"
      cancelHref={routes.cloudProvider(provider.id)}
    >
      <RegistrationFields clouds={clouds} canChooseService={false} />
      <AdvancedRegistration clouds={clouds} isOpen={isOpen} />
      {!isOther && grant !== provider.grant && (
        <Alert color="yellow">
          Changing how mailboxes sign in ends the current sign-ins. After saving, sign in or connect
          again.
        </Alert>
      )}
      {isOther && (
        <Alert color="yellow">
          Nothing stored for the old application, tenant, cloud or host is sent to the new one.
          Enter the new credential; every mailbox has to sign in again.
        </Alert>
      )}
      {isOther && watch("replacement") && (
        <CredentialFields
          name="replacement"
          service={provider.service}
          onClientId={(id) => setValue("clientId", id, { shouldValidate: true })}
        />
      )}
      {grant !== "domain_wide" && (
        <CopyField
          label="Redirect URI"
          description="Must be in the app registration, exactly as shown here."
          value={redirectUri}
        />
      )}
    </FormPage>
  );
}

/** Another registration must get nothing that is stored. */
function isOtherRegistration(
  provider: CloudProviderDetail,
  clouds: CloudChoice[],
  { hosts, clientId, tenantId, cloud }: EditedValues,
): boolean {
  const used = hosts ?? clouds.find(({ id }) => id === cloud)?.hosts;
  return (
    !isSameHosts(used, provider.hosts ?? undefined) ||
    clientId.trim().toLowerCase() !== provider.clientId ||
    tenantId.trim().toLowerCase() !== provider.tenantId ||
    cloud !== provider.cloud
  );
}

type Opening = { form: UseFormReturn<EditedValues>; open: () => void };

/** `?field=hosts` unfolds them and focuses the first mail server. */
function useHostsWish(provider: CloudProviderDetail, { form, open }: Opening): void {
  const { setValue, setFocus } = form;
  const [isAsked, setAsked] = useState(false);
  useWish("field", (name) => {
    if (name !== "hosts" || !hasOwnHosts(provider) || !provider.hosts) return;
    open();
    setValue("hosts", structuredClone(provider.hosts));
    setAsked(true);
  });
  useEffect(() => {
    if (isAsked) setFocus("hosts.mail.imap.host");
  }, [isAsked, setFocus]);
}

function hasOwnHosts({ service }: CloudProviderDetail): boolean {
  return FORM_VARIANTS[service].seldom?.hasOwnHosts ?? false;
}

type EditedValues = z.input<typeof updateCloudProviderSchema>;

function valuesOf(provider: CloudProviderDetail): EditedValues {
  const { id, version, name, service, type, cloud, clientId, tenantId } = provider;
  const { accountTypes, grant, hasOwnHosts } = provider;
  const ids = { id, version, name, service, type, cloud, clientId, tenantId };
  const hosts = hasOwnHosts ? provider.hosts : null;
  // Saved by the same schema, so the values are those of its service.
  return { ...ids, accountTypes, grant, hosts, replacement: null } as EditedValues;
}
