"use client";

import { Alert, PasswordInput, TextInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { CopyField } from "@/components/copy-field";
import { FormProblem } from "@/components/form-problem";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import {
  type CloudChoice,
  createCloudProviderSchema,
  DEFAULT_SECRET_MONTHS,
  isoDay,
} from "@/lib/cloud-providers/schema";
import { createCloudProviderAction } from "../actions";
import { FormFrame, RegistrationFields } from "../cloud-provider-form";

type NewCloudProviderFormProps = { clouds: CloudChoice[]; redirectUri: string };

export function NewCloudProviderForm({ clouds, redirectUri }: NewCloudProviderFormProps) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: createCloudProviderSchema,
    defaultValues: {
      name: "",
      service: "microsoft_azure",
      type: "outlook365",
      cloud: clouds[0]?.id ?? "global",
      accountTypes: "tenant",
      clientId: "",
      tenantId: "",
      clientSecret: "",
      secretExpiresOn: isoDay(DEFAULT_SECRET_MONTHS),
      redirectUri,
    },
    action: createCloudProviderAction,
    onSuccess: ({ id, isProved }) => {
      notifySuccess(
        isProved
          ? "Saved. The client secret works. Next: Authenticate."
          : "Saved. The identity platform did not answer, so the client secret is not proved yet.",
      );
      router.push(routes.cloudProvider(id));
    },
  });
  const { errors } = form.formState;
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
      <PasswordInput
        label="Client Secret"
        description="The secret's Value, which is shown once; not the Secret ID."
        autoComplete="off"
        withAsterisk
        error={errors.clientSecret?.message}
        {...form.register("clientSecret")}
      />
      <TextInput
        type="date"
        label="The secret expires on"
        description="Postkey reminds you in time. Microsoft allows 24 months at most."
        min={isoDay(0)}
        max={isoDay(24)}
        withAsterisk
        error={errors.secretExpiresOn?.message}
        {...form.register("secretExpiresOn")}
      />
      <CopyField
        label="Redirect URI"
        description="Add it to the app registration: Authentication, platform Web. Every character counts."
        value={redirectUri}
      />
    </FormFrame>
  );
}
