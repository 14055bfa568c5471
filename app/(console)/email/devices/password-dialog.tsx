"use client";

import { Alert, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";

type PasswordDialogProps = {
  name: string;
  password: string;
  /** What else is entered in the device. */
  children?: ReactNode;
  onClose: () => void;
};

/** The only time that a device's password is shown. */
export function PasswordDialog({ name, password, children, onClose }: PasswordDialogProps) {
  return (
    <Dialog
      title={`Password for ${name}`}
      staysOpen
      onClose={onClose}
      buttons={<Button onClick={onClose}>Done</Button>}
    >
      <Alert color="yellow">
        Copy the password or enter it in the device now. It is not shown again.
      </Alert>
      <CopyField
        label="Password"
        value={password}
        description="32 letters and digits. Upper and lower case are the same; 0 is a zero and 1 is a one."
      />
      {children}
    </Dialog>
  );
}
