import { Button, Group, Modal, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useContext, useEffect, useId } from "react";
import type { ActionError } from "@/lib/http/schema";
import { CloseDialog } from "./close-dialog";
import { Form, keepFocus } from "./form";
import { FormProblem } from "./form-problem";
import { storeOf } from "./store";

type DialogProps = {
  title: string;
  size?: "md" | "xl";
  /** Only its button closes it: a × would have the focus, and Enter would press it. */
  staysOpen?: boolean;
  buttons?: ReactNode;
  /** Absent: what opened it closes it. */
  onClose?: (() => void) | undefined;
  onSubmit?: (event: FormEvent) => void;
  children: ReactNode;
};

export function Dialog(props: DialogProps) {
  const isTop = useIsTopDialog();
  const close = useContext(CloseDialog);
  const { title, size = "md", staysOpen = false, buttons, onClose, onSubmit, children } = props;
  const body = (
    <Stack>
      {children}
      {buttons && <Group justify="flex-end">{buttons}</Group>}
    </Stack>
  );
  return (
    <Modal
      opened
      onClose={onClose ?? close}
      title={title}
      size={size}
      withCloseButton={!staysOpen}
      closeOnClickOutside={!staysOpen}
      closeOnEscape={!staysOpen && isTop}
    >
      {onSubmit ? <Form onSubmit={onSubmit}>{body}</Form> : body}
    </Modal>
  );
}

const open = storeOf<readonly string[]>([]);

/** Escape closes only the uppermost. */
function useIsTopDialog(): boolean {
  const id = useId();
  useEffect(() => {
    open.set([...open.get(), id]);
    return () => open.set(open.get().filter((each) => each !== id));
  }, [id]);
  return open.useValue().at(-1) === id;
}

type DecisionDialogProps = {
  title: string;
  submitLabel: string;
  cancelLabel?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  problem: ActionError | null;
  isBusy: boolean;
  onSubmit: (event: FormEvent) => void;
  onClose?: (() => void) | undefined;
  /** Unlike ×, Escape and a click beside it. */
  onCancel?: () => void;
  children: ReactNode;
};

export function DecisionDialog(props: DecisionDialogProps) {
  const close = useContext(CloseDialog);
  const { title, submitLabel, cancelLabel = "Cancel", isDangerous = false } = props;
  const { isDisabled = false, problem, isBusy, onSubmit, onClose = close, children } = props;
  const { onCancel = onClose } = props;
  const buttons = (
    <>
      <Button
        variant="default"
        onClick={onCancel}
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
