"use client";

import { IconMailShare } from "@tabler/icons-react";
import { ActButton } from "@/components/act-button";
import { CreateLinksDialog } from "../../sign-in-links/create-links-dialog";

type CreateLinkButtonProps = { emailAccountId: string; hasLink: boolean };

export function CreateLinkButton({ emailAccountId, hasLink }: CreateLinkButtonProps) {
  return (
    <ActButton
      label={hasLink ? "Replace sign-in link" : "Create sign-in link"}
      icon={IconMailShare}
      dialog={(close) => <CreateLinksDialog of={{ emailAccountId }} onClose={close} />}
    />
  );
}
