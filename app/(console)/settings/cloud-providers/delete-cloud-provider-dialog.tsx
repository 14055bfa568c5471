"use client";

import { Alert, Checkbox, List, Loader, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { useAnswer } from "@/components/use-action";
import { counted } from "@/lib/kernel/text/schema";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ProviderUse, ServiceId } from "@/lib/registrations/schema";
import { deleteCloudProviderAction, getProviderUseAction } from "./actions";

type DeleteCloudProviderDialogProps = {
  id: string;
  name: string;
  service: ServiceId;
  onClose: () => void;
};

export function DeleteCloudProviderDialog(props: DeleteCloudProviderDialogProps) {
  const { id, name, service, onClose } = props;
  const router = useRouter();
  const { data: use, problem } = useAnswer(() => getProviderUseAction({ cloudProviderId: id }));
  const [isAccepted, setAccepted] = useState(false);
  const acceptedAccounts = use?.accountCount ?? 0;
  const needsYes = acceptedAccounts > 0;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      isDangerous
      isDisabled={use === undefined || (needsYes && !isAccepted)}
      problem={problem}
      action={() => deleteCloudProviderAction({ id, acceptedAccounts })}
      onSuccess={() => {
        notifySuccess(`${name} was deleted.`);
        onClose();
        router.push("/settings/cloud-providers");
      }}
      onClose={onClose}
    >
      <Text>
        The credentials and every sign-in of this provider are erased in Postkey. Nothing is changed
        at {PLATFORMS[service].brand}.
      </Text>
      {use === undefined ? <Loader size="sm" /> : needsYes && <WhatStops use={use} />}
      {needsYes && (
        <Checkbox
          label="I understand that these accounts stop sending and receiving"
          checked={isAccepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
      )}
    </ConfirmDialog>
  );
}

function WhatStops({ use }: { use: ProviderUse }) {
  const more = use.accountCount - use.accounts.length;
  const title = `${counted(use.accountCount, "email account stops", "email accounts stop")} working`;
  return (
    <Alert color="red" title={title}>
      <List size="sm">
        {use.accounts.map(({ id, name }) => (
          <List.Item key={id}>{name}</List.Item>
        ))}
        {more > 0 && <List.Item>and {more} more</List.Item>}
      </List>
    </Alert>
  );
}
