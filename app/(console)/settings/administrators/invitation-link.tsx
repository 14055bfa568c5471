"use client";

import { Button, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";

/** The link of an invitation, the one time that it is shown. */
export function InvitationLink({ link, onClose }: { link: string; onClose: () => void }) {
  return (
    <Dialog
      title="One-time link"
      staysOpen
      onClose={onClose}
      buttons={<Button onClick={onClose}>Done</Button>}
    >
      <Text size="sm">
        Give this link to the person. It works once, within a day, and is not shown again. Anyone
        who opens it can choose the password and sign in with that role.
      </Text>
      <CopyField label="Link" value={link} />
    </Dialog>
  );
}
