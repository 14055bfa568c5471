"use client";

import { CreateLinksDialog } from "../sign-in-links/create-links-dialog";
import { createLinkForAccountAction } from "./actions";

type SignInLinkDialogProps = { id: string; name: string; onClose: () => void };

/** A link for the owner of one account's mailbox. */
export function SignInLinkDialog({ id, name, onClose }: SignInLinkDialogProps) {
  return (
    <CreateLinksDialog
      names={[name]}
      action={() => createLinkForAccountAction({ id })}
      onClose={onClose}
    />
  );
}
