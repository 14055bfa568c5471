import { Alert, Textarea } from "@mantine/core";
import type { ClipboardEvent, ReactNode } from "react";
import { CopyIconButton } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";

type PasswordDialogProps = { name: string; password: string; children?: ReactNode };

export function PasswordDialog({ name, password, children }: PasswordDialogProps) {
  return (
    <ShownOnceDialog title={`Password for ${name}`}>
      <Alert color="yellow">
        Copy the password or enter it in the device now. It is not shown again.
      </Alert>
      <PasswordField password={password} />
      {children}
    </ShownOnceDialog>
  );
}

/** In groups to read out and type; copied without gaps. The gateway takes both. */
function PasswordField({ password }: { password: string }) {
  const copyWithoutGaps = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const selected = value.slice(selectionStart, selectionEnd).replaceAll(" ", "");
    event.clipboardData.setData("text/plain", selected);
    event.preventDefault();
  };
  return (
    <Textarea
      label="Password"
      description="32 letters and digits; the spaces are optional. Upper and lower case are the same; 0 is a zero and 1 is a one."
      value={password.match(/.{1,4}/g)?.join(" ") ?? ""}
      readOnly
      autosize
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      onFocus={(event) => event.currentTarget.select()}
      onCopy={copyWithoutGaps}
      rightSection={<CopyIconButton label="Password" value={password} />}
    />
  );
}
