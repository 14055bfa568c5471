"use client";

import type { ReactNode } from "react";
import { type FieldValues, FormProvider } from "react-hook-form";
import { DecisionDialog } from "./decision-dialog";
import type { ActionForm } from "./use-action-form";
import { useDraft } from "./use-draft";

type FormDialogProps<V extends FieldValues> = {
  title: string;
  submitLabel: string;
  cancelLabel?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  actionForm: ActionForm<V>;
  onClose: () => void;
  children: ReactNode;
};

export function FormDialog<V extends FieldValues>(props: FormDialogProps<V>) {
  const { actionForm, ...rest } = props;
  const { form, submit, problem, isSaving } = actionForm;
  useDraft(form);
  return (
    <FormProvider {...form}>
      <DecisionDialog {...rest} problem={problem} isBusy={isSaving} onSubmit={submit} />
    </FormProvider>
  );
}
