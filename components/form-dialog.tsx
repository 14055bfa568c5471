import { type ReactNode, useContext } from "react";
import { type DefaultValues, type FieldValues, FormProvider } from "react-hook-form";
import type { z } from "zod";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import { CloseDialog } from "./close-dialog";
import { DecisionDialog } from "./dialog";
import { discardDraft, useDraft } from "./drafts";
import { notifySuccess } from "./notify";
import { useActionForm } from "./use-action-form";

type FormDialogProps<I extends FieldValues, T> = {
  title: string;
  submitLabel: string;
  cancelLabel?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  schema: z.ZodType<unknown, I>;
  defaultValues: DefaultValues<I>;
  action: (input: I) => Promise<ActionResult<T>>;
  done: string | ((data: T, sent: I) => void);
  /** What came of another way in the dialog. */
  refused?: ActionError | null;
  keepsOpen?: boolean;
  onClose?: () => void;
  children: ReactNode;
};

export function FormDialog<I extends FieldValues, T>(props: FormDialogProps<I, T>) {
  const { schema, defaultValues, action, done, refused = null, keepsOpen, ...dialog } = props;
  const close = useContext(CloseDialog);
  const actionForm = useActionForm<I, T>({
    schema,
    defaultValues,
    action,
    onSuccess: (data) => {
      if (!keepsOpen) (dialog.onClose ?? close)();
      if (typeof done === "string") notifySuccess(done);
      else done(data, actionForm.form.getValues());
    },
  });
  const { form, submit, problem, isSaving } = actionForm;
  useDraft(form);
  const onCancel = () => {
    discardDraft(form);
    (dialog.onClose ?? close)();
  };
  return (
    <FormProvider {...form}>
      <DecisionDialog
        {...dialog}
        onCancel={onCancel}
        problem={problem ?? refused}
        isBusy={isSaving}
        onSubmit={submit}
      />
    </FormProvider>
  );
}
