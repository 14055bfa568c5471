"use client";

import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { Can } from "@/components/can";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { removeFactorsOfAction } from "../actions";

/** For a phone that is lost. */
export function RemoveFactorsButton({ id, name }: { id: string; name: string }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <Can permission="administrators:write">
      <Button variant="default" size="xs" onClick={() => setAsked(true)}>
        Remove second factors
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Remove the second factors of ${name}?`}
          confirmLabel="Remove"
          isDangerous
          action={() => removeFactorsOfAction({ administratorId: id })}
          onSuccess={() => {
            setAsked(false);
            notifySuccess(
              `The second factors of ${name} were removed. Where the role needs one, it is set up at the next sign-in.`,
            );
          }}
          onClose={() => setAsked(false)}
        >
          <Text size="sm">
            For a lost phone: the authenticator app, the recovery codes and the passkeys stop
            working, and all sessions end. Make sure that it is {name} who asks you for this.
          </Text>
        </ConfirmDialog>
      )}
    </Can>
  );
}
