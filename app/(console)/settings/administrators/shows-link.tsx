"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { InvitationLink, type MadeInvitation } from "./invitation-link";

const ShowLink = createContext<(made: MadeInvitation) => void>(() => {});

type ShowsLinkProps = { canMail: boolean; children: ReactNode };

/** Shows a new link for as long as it is wanted, although the row that asked for it is gone by then. */
export function ShowsLink({ canMail, children }: ShowsLinkProps) {
  const [made, setMade] = useState<MadeInvitation | null>(null);
  return (
    <ShowLink value={setMade}>
      {children}
      {made && <InvitationLink made={made} canMail={canMail} onClose={() => setMade(null)} />}
    </ShowLink>
  );
}

export function useShowLink(): (made: MadeInvitation) => void {
  return useContext(ShowLink);
}
