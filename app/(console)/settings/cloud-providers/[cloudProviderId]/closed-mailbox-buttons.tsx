"use client";

import { Group } from "@mantine/core";
import type { z } from "zod";
import { ActButton, act } from "@/components/acts";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifyProblem, notifySuccess } from "@/components/notify";
import {
  CLOSED_RESULTS,
  type ClosedFinding,
  closedMailboxSchema,
} from "@/lib/checks/closed/schema";
import { lookAtClosedMailboxAction, setClosedMailboxAction } from "../actions";

type Values = z.input<typeof closedMailboxSchema>;

export function ClosedMailboxButtons(mailbox: Values) {
  const { cloudProviderId, emailAddress } = mailbox;
  const isNamed = emailAddress !== "";
  return (
    <Group gap="xs">
      {isNamed && (
        <ActButton
          size="xs"
          label="Check now"
          needs="accounts:test"
          run={act(() => lookAtClosedMailboxAction({ cloudProviderId }), announce)}
        />
      )}
      <ActButton
        size="xs"
        label={isNamed ? "Change" : "Name a mailbox"}
        needs="providers:write"
        dialog={<ClosedMailboxDialog {...mailbox} />}
      />
    </Group>
  );
}

function ClosedMailboxDialog(mailbox: Values) {
  return (
    <FormDialog
      title="Mailbox that must stay closed"
      submitLabel="Save and check"
      schema={closedMailboxSchema}
      defaultValues={mailbox}
      action={setClosedMailboxAction}
      done={announce}
    >
      <TextField<Values>
        name="emailAddress"
        label="Email Address"
        description="One that the application must not open, such as the mailbox of a director. Left empty, nothing is checked."
      />
    </FormDialog>
  );
}

function announce(found: ClosedFinding | null): void {
  const notify = !found || found.result === "closed" ? notifySuccess : notifyProblem;
  notify(found ? `${CLOSED_RESULTS[found.result]}. ${found.reason}` : "Nothing is checked.");
}
