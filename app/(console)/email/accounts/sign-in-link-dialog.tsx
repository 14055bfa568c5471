"use client";

import { Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { LinksDialog } from "../sign-in-links/links-dialog";
import { createLinkForAccountAction } from "./actions";

type SignInLinkDialogProps = { id: string; name: string; onClose: () => void };

/** A link for the owner of one account's mailbox. */
export function SignInLinkDialog({ id, name, onClose }: SignInLinkDialogProps) {
  const [links, setLinks] = useState<readonly NewSignInLink[] | null>(null);
  if (links) return <LinksDialog links={links} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`Create a sign-in link for ${name}?`}
      confirmLabel="Create link"
      action={() => createLinkForAccountAction({ id })}
      onSuccess={setLinks}
      onClose={onClose}
    >
      <Text size="sm">
        Whoever owns the mailbox signs it in with the link, without an account in Postkey. The link
        works once, within 72 hours. A link that you created before stops working.
      </Text>
    </ConfirmDialog>
  );
}
