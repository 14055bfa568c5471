"use client";

import { Text } from "@mantine/core";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { mailInvitationAction } from "./actions";
import { MailLink } from "./mail-link";

type InvitationLinkProps = {
  link: string;
  /** Empty if anyone with the link may use it. */
  email: string;
  canMail: boolean;
};

export function InvitationLink({ link, email, canMail }: InvitationLinkProps) {
  return (
    <ShownOnceDialog title="One-time link">
      <Text size="sm">
        Give this link to the person. It works once, within a day, and is not shown again. Anyone
        who has it can join{email && ` as ${email}`} with that role.
      </Text>
      <CopyField label="Link" value={link} />
      <Can permission="administrators:write">
        <MailLink canMail={canMail} link={link} to={email || null} action={mailInvitationAction} />
      </Can>
    </ShownOnceDialog>
  );
}
