"use client";

import { Alert } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";

type PasswordDialogProps = {
  name: string;
  password: string;
  /** What else is entered in the device. */
  children?: ReactNode;
};

/** The only time that a device's password is shown. */
export function PasswordDialog({ name, password, children }: PasswordDialogProps) {
  return (
    <ShownOnceDialog title={`Password for ${name}`}>
      <Alert color="yellow">
        Copy the password or enter it in the device now. It is not shown again.
      </Alert>
      <CopyField
        label="Password"
        value={password}
        description="32 letters and digits. Upper and lower case are the same; 0 is a zero and 1 is a one."
      />
      {children}
    </ShownOnceDialog>
  );
}
