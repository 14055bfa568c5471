"use client";

import { IconMailShare } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton } from "@/components/acts";

const load = () => import("./create-links-dialog");
const CreateLinksDialog = dynamic(() => load().then((links) => links.CreateLinksDialog));

/** Shown only where there is no link yet. */
export const CreateLinks = dynamic(() => load().then((links) => links.CreateLinks));

type CreateLinkButtonProps = { emailAccountId: string; hasLink: boolean };

export function CreateLinkButton({ emailAccountId, hasLink }: CreateLinkButtonProps) {
  return (
    <ActButton
      label={hasLink ? "Replace sign-in link" : "Create sign-in link"}
      icon={IconMailShare}
      dialog={<CreateLinksDialog of={{ emailAccountId }} />}
    />
  );
}
