"use client";

import { Button } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { useState } from "react";
import { CreateLinksDialog } from "../../sign-in-links/create-links-dialog";

type CreateLinkButtonProps = { emailAccountId: string; hasLink: boolean };

/** Beside the sign-in itself: the way for an owner who knows the password, and has no account here. */
export function CreateLinkButton({ emailAccountId, hasLink }: CreateLinkButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconMailShare size={16} />}
        onClick={() => setOpen(true)}
      >
        {hasLink ? "Replace sign-in link" : "Create sign-in link"}
      </Button>
      {isOpen && <CreateLinksDialog of={{ emailAccountId }} onClose={() => setOpen(false)} />}
    </>
  );
}
