import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import { Dialog } from "./dialog";
import { endShown, ShownId } from "./shown-once";

type ShownOnceDialogProps = {
  title: string;
  doneLabel?: string;
  buttons?: ReactNode;
  isHeld?: boolean;
  children: ReactNode;
};

export function ShownOnceDialog(props: ShownOnceDialogProps) {
  const { title, doneLabel = "Done", isHeld = false, children } = props;
  const id = useContext(ShownId);
  if (id === null) throw new Error("What is shown once is shown by showOnce.");
  const close = () => !isHeld && endShown(id);
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
