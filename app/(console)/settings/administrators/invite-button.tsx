"use client";

import dynamic from "next/dynamic";
import { AddButton } from "@/components/acts";
import { Can } from "@/components/can";

const InviteDialog = dynamic(() => import("./invite-dialog").then((m) => m.InviteDialog));

type InviteButtonProps = { canMail: boolean; deciders: readonly string[] };

export function InviteButton(props: InviteButtonProps) {
  return (
    <Can permission="administrators:write">
      <AddButton
        label="Invite a person"
        dialog={(close) => <InviteDialog {...props} onClose={close} />}
      />
    </Can>
  );
}
