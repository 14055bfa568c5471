"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import { Can } from "@/components/can";
import { InvitationLink } from "./invitation-link";

const InviteDialog = dynamic(() => import("./invite-dialog").then((module) => module.InviteDialog));

export function InviteButton() {
  const [isOpen, setOpen] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  return (
    <Can permission="administrators:write">
      <AddButton label="Invite a person" onClick={() => setOpen(true)} />
      {isOpen && (
        <InviteDialog
          onInvited={(made) => {
            setOpen(false);
            setLink(made);
          }}
          onClose={() => setOpen(false)}
        />
      )}
      {link !== null && <InvitationLink link={link} onClose={() => setLink(null)} />}
    </Can>
  );
}
