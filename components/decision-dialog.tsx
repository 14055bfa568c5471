"use client";

import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import type { ActionError } from "@/lib/http/schema";
import { Dialog } from "./dialog";
import { FormProblem } from "./form-problem";
import { keepFocus } from "./keep-focus";

type DecisionDialogProps = {
  title: string;
  submitLabel: string;
  cancelLabel?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  problem: ActionError | null;
  isBusy: boolean;
  onSubmit: (event: FormEvent) => void;
  onClose: () => void;
  children: ReactNode;
};

export function DecisionDialog(props: DecisionDialogProps) {
  const { title, submitLabel, cancelLabel = "Cancel", isDangerous = false } = props;
  const { isDisabled = false, problem, isBusy, onSubmit, onClose, children } = props;
  const buttons = (
    <>
      <Button
        variant="default"
        onClick={onClose}
        onMouseDown={keepFocus}
        data-autofocus={isDangerous || undefined}
      >
        {cancelLabel}
      </Button>
      <Button
        type="submit"
        onMouseDown={keepFocus}
        loading={isBusy}
        disabled={isDisabled}
        {...(isDangerous && { color: "red" })}
      >
        {submitLabel}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} onSubmit={onSubmit} buttons={buttons}>
      <FormProblem problem={problem} />
      {children}
    </Dialog>
  );
}
