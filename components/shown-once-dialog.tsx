"use client";

import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import { Dialog } from "./dialog";
import { ShownOnceEnd } from "./shown-once-store";

type ShownOnceDialogProps = {
  title: string;
  doneLabel?: string;
  buttons?: ReactNode;
  isHeld?: boolean;
  children: ReactNode;
};

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
