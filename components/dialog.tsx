"use client";

import { Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Form } from "./form";
import { useIsTopDialog } from "./open-dialogs";

type DialogProps = {
  title: string;
  size?: "md" | "xl";
  /** What it shows is shown once: its button alone closes it. A × would have the focus, and Enter close it at once. */
  staysOpen?: boolean;
  /** At the lower right; the last one is what the dialog is for. */
  buttons?: ReactNode;
  onClose: () => void;
  /** Makes it a form. */
  onSubmit?: (event: FormEvent) => void;
  children: ReactNode;
};

/** The one window over the page. */
export function Dialog(props: DialogProps) {
  const isTop = useIsTopDialog();
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
      onClose={onClose}
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
