"use client";

import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import type { ActionError } from "@/lib/http/schema";
import { FormProblem } from "./form-problem";

type FormDialogProps = {
  title: string;
  submitLabel: string;
  cancelLabel?: string;
  isDangerous?: boolean;
  actionForm: {
    submit: (event: FormEvent) => void;
    problem: ActionError | null;
    isSaving: boolean;
  };
  onClose: () => void;
  children: ReactNode;
};

/** A form over the page, with the two buttons that every one of them has. */
export function FormDialog(props: FormDialogProps) {
  const { title, submitLabel, cancelLabel = "Cancel", isDangerous = false } = props;
  const { actionForm, onClose, children } = props;
  const { submit, problem, isSaving } = actionForm;
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus={isDangerous || undefined}>
              {cancelLabel}
            </Button>
            <Button type="submit" loading={isSaving} {...(isDangerous && { color: "red" })}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
