"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { InvitationLink } from "./invitation-link";

const ShowLink = createContext<(link: string) => void>(() => {});

/** Shows a new link for as long as it is wanted, although the row that asked for it is gone by then. */
export function ShowsLink({ children }: { children: ReactNode }) {
  const [link, setLink] = useState<string | null>(null);
  return (
    <ShowLink value={setLink}>
      {children}
      {link !== null && <InvitationLink link={link} onClose={() => setLink(null)} />}
    </ShowLink>
  );
}

export function useShowLink(): (link: string) => void {
  return useContext(ShowLink);
}
