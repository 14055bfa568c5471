"use client";

import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import { Dialog } from "./dialog";
import { ShownOnceEnd } from "./shown-once-end";

type ShownOnceDialogProps = {
  title: string;
  /** On the button that says that it was kept. */
  doneLabel?: string;
  /** Beside the button that closes it. */
  buttons?: ReactNode;
  /** It can't be closed yet. */
  isHeld?: boolean;
  children: ReactNode;
};

/** A window that only the person closes, by its button. For `showOnce` alone. */
export function ShownOnceDialog(props: ShownOnceDialogProps) {
  const { title, doneLabel = "Done", isHeld = false, children } = props;
  const end = useContext(ShownOnceEnd);
  if (end === null) throw new Error("What is shown once is shown by showOnce.");
  const close = isHeld ? () => {} : end;
  return (
    <Dialog
      title={title}
      staysOpen
      onClose={close}
      buttons={
        <>
          {props.buttons}
          {!isHeld && <Button onClick={close}>{doneLabel}</Button>}
        </>
      }
    >
      {children}
    </Dialog>
  );
}
