"use client";

import { Group, Modal, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useId, useSyncExternalStore } from "react";
import { Form } from "./form";

type DialogProps = {
  title: string;
  size?: "md" | "xl";
  /** Only its button closes it: a × would have the focus, and Enter would press it. */
  staysOpen?: boolean;
  buttons?: ReactNode;
  onClose: () => void;
  /** Makes it a form. */
  onSubmit?: (event: FormEvent) => void;
  children: ReactNode;
};

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

/** The last one opened is last. */
let open: readonly string[] = [];
const listeners = new Set<() => void>();

/** Escape closes only the uppermost. */
function useIsTopDialog(): boolean {
  const id = useId();
  useEffect(() => {
    set([...open, id]);
    return () => set(open.filter((each) => each !== id));
  }, [id]);
  return useSyncExternalStore(
    subscribe,
    () => open.at(-1) === id,
    () => false,
  );
}

function set(next: readonly string[]): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
