"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { Can } from "@/components/can";
import { InvitationLink, type MadeInvitation } from "./invitation-link";

const InviteDialog = dynamic(() => import("./invite-dialog").then((module) => module.InviteDialog));

export function InviteButton({ canMail }: { canMail: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<MadeInvitation | null>(null);
  return (
    <Can permission="administrators:write">
      <AddButton label="Invite a person" onClick={() => setOpen(true)} />
      {isOpen && (
        <InviteDialog
          onInvited={(invitation) => {
            setOpen(false);
            setMade(invitation);
          }}
          onClose={() => setOpen(false)}
        />
      )}
      {made && <InvitationLink made={made} canMail={canMail} onClose={() => setMade(null)} />}
    </Can>
  );
}
