"use client";

import { Text } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { lastIsoDayOf } from "@/lib/kernel/clock";
import {
  type ChangeSecretExpiry,
  changeSecretExpirySchema,
} from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";
import { changeSecretExpiryAction } from "../actions";
import { SecretExpiryField } from "../secret-expiry-field";

export type ChangeExpiryProps = {
  cloudProviderId: string;
  service: ServiceId;
  version: number;
  expiresAt: Date;
};

export function ChangeExpiryDialog(props: ChangeExpiryProps & { onClose: () => void }) {
  const { cloudProviderId, service, version, expiresAt, onClose } = props;
  return (
    <FormDialog
      title="Change expiry"
      submitLabel="Save"
      schema={changeSecretExpirySchema}
      defaultValues={{ cloudProviderId, version, secretExpiresOn: lastIsoDayOf(expiresAt) }}
      action={changeSecretExpiryAction}
      done="Saved. Postkey reminds you before the new day."
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        The secret itself stays as it is. Nothing changes at the identity platform.
      </Text>
      <SecretExpiryField<ChangeSecretExpiry> name="secretExpiresOn" service={service} />
    </FormDialog>
  );
}
