"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Choices } from "@/lib/kernel/choices/schema";

const Lists = createContext<Choices>({ found: [], hasMore: false });

type ContactListsProps = { lists: Choices; children: ReactNode };

export function ContactLists({ lists, children }: ContactListsProps) {
  return <Lists value={lists}>{children}</Lists>;
}

export function useContactLists(): Choices {
  return useContext(Lists);
}
