"use client";

import { NativeSelect, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import {
  DEFAULT_CERTIFICATE,
  generateCertificateSchema,
} from "@/lib/registrations/credentials/schema";
import { generateCertificateAction } from "./actions";
import { CERTIFICATE_BITS, CERTIFICATE_MONTHS } from "./certificate-choices";

type GenerateCertificateDialogProps = { id: string; name: string; onClose: () => void };

/** Makes a key and a certificate on the server; the way on is on the provider's page. */
export function GenerateCertificateDialog({ id, name, onClose }: GenerateCertificateDialogProps) {
  const router = useRouter();
  const actionForm = useActionForm({
    schema: generateCertificateSchema,
    defaultValues: { cloudProviderId: id, ...DEFAULT_CERTIFICATE },
    action: generateCertificateAction,
    onSuccess: () => {
      notifySuccess("Certificate created. Next: upload it to the app registration.");
      onClose();
      router.push(routes.cloudProvider(id));
    },
  });
  const { form } = actionForm;
  const { errors } = form.formState;
  return (
    <FormDialog
      title={`Generate certificate: ${name}`}
      submitLabel="Generate certificate"
      actionForm={actionForm}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        The private key is created on this server and never leaves it. The current credential stays
        in use until the identity platform knows the new certificate.
      </Text>
      <NativeSelect
        label="Key"
        data={CERTIFICATE_BITS}
        error={errors.bits?.message}
        {...form.register("bits")}
      />
      <NativeSelect
        label="Valid for"
        data={CERTIFICATE_MONTHS}
        error={errors.months?.message}
        {...form.register("months")}
      />
    </FormDialog>
  );
}
