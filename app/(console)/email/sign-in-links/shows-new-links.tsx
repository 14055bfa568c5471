"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import type { NewSignInLink } from "@/lib/sign-ins/links/schema";
import { LinksDialog } from "./links-dialog";

type Show = (links: readonly NewSignInLink[]) => void;

const ShowContext = createContext<Show>(() => {
  throw new Error("Nothing here shows new links.");
});

/** Above the rows: a new link is another row, and what is shown once must not go with the old one. */
export function ShowsNewLinks({ children }: { children: ReactNode }) {
  const [links, setLinks] = useState<readonly NewSignInLink[] | null>(null);
  return (
    <ShowContext value={setLinks}>
      {children}
      {links && <LinksDialog links={links} onClose={() => setLinks(null)} />}
    </ShowContext>
  );
}

export function useShowNewLinks(): Show {
  return useContext(ShowContext);
}
