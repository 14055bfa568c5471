"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Choices } from "@/lib/kernel/choices/schema";
import { searchContactListsAction } from "../choices/actions";

const Lists = createContext<Choices>({ found: [], hasMore: false });

export function ContactLists({ lists, children }: { lists: Choices; children: ReactNode }) {
  return <Lists value={lists}>{children}</Lists>;
}

export function useContactLists(): Choices {
  return useContext(Lists);
}

export const findLists = (search: string) => searchContactListsAction({ search });
