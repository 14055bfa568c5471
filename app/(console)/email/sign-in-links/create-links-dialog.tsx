"use client";

import { Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import type { ActionResult } from "@/lib/http/schema";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { LinksDialog } from "./links-dialog";

type CreateLinksDialogProps = {
  /** Whose mailboxes they are for: an account's name, or who signs in. */
  names: readonly string[];
  action: () => Promise<ActionResult<NewSignInLink[]>>;
  onClose: () => void;
};

/** Links for the owners of a few mailboxes: asked for, created, and shown the only time. */
export function CreateLinksDialog({ names, action, onClose }: CreateLinksDialogProps) {
  const [links, setLinks] = useState<readonly NewSignInLink[] | null>(null);
  if (links) return <LinksDialog links={links} onClose={onClose} />;
  const isOne = names.length === 1;
  const listed = new Intl.ListFormat("en").format(names);
  return (
    <ConfirmDialog
      title={
        isOne ? `Create a sign-in link for ${listed}?` : `Create ${names.length} sign-in links?`
      }
      confirmLabel={isOne ? "Create link" : "Create links"}
      action={action}
      onSuccess={setLinks}
      onClose={onClose}
    >
      {!isOne && <Text size="sm">One link each for {listed}.</Text>}
      <Text size="sm">
        Whoever owns the mailbox signs it in with the link, without an account in Postkey. A link
        works once, within 72 hours. A link that you created before stops working.
      </Text>
    </ConfirmDialog>
  );
}
