"use client";

import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { CopyForSupport } from "@/components/copy-for-support";
import { dayText } from "@/components/day";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { wallTime } from "@/lib/kernel/clock";
import { download } from "../download";
import classes from "./profile.module.css";

type RecoveryCodesDialogProps = {
  codes: readonly string[];
  email: string;
  done?: string;
};

export function RecoveryCodesDialog({ codes, email, done }: RecoveryCodesDialogProps) {
  const text = `${codes.join("\n")}\n`;
  // A file of ten codes found years later says nothing by itself.
  const head = () =>
    `Recovery codes of ${email} for Postkey at ${window.location.origin}, created on ${dayText(wallTime())}\n\n`;
  const save = () => download("postkey-recovery-codes.txt", [head(), text], "text/plain");
  return (
    <ShownOnceDialog title="Your recovery codes" doneLabel="I have kept them">
      {done !== undefined && (
        <Text size="sm" role="status">
          {done}
        </Text>
      )}
      <Text size="sm">
        Each code works once in place of a code from the app, together with your password. Keep them
        where your phone is not. They are not shown again.
      </Text>
      <ol className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap="xs">
        {/* A second Enter copies the codes and loses nothing. */}
        <CopyForSupport text={text} label="Copy" size="sm" data-autofocus />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          Download
        </Button>
      </Group>
    </ShownOnceDialog>
  );
}
