"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { Can } from "@/components/can";
import { showOnce } from "@/components/shown-once-store";
import { InvitationLink } from "./invitation-link";

const InviteDialog = dynamic(() => import("./invite-dialog").then((module) => module.InviteDialog));

type InviteButtonProps = { canMail: boolean; deciders: readonly string[] };

export function InviteButton({ canMail, deciders }: InviteButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Can permission="administrators:write">
      <AddButton label="Invite a person" onClick={() => setOpen(true)} />
      {isOpen && (
        <InviteDialog
          deciders={deciders}
          onInvited={(made) => {
            setOpen(false);
            showOnce(<InvitationLink made={made} canMail={canMail} />);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </Can>
  );
}
