"use client";

import { createContext, type ReactNode, useContext } from "react";
import { neededAt } from "@/lib/http/auth/pages/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";

/** What the person may not do, each with who may, in words. */
type Lacks = Partial<Record<Permission, string>>;

const LacksContext = createContext<Lacks>({});

/** Tells everything on the page what the person's role may do. It hides; refusing is the work of lib. */
export function RoleProvider({ lacks, children }: { lacks: Lacks; children: ReactNode }) {
  return <LacksContext value={lacks}>{children}</LacksContext>;
}

/** Whether the person may do something. */
export function useCan(): (permission: Permission) => boolean {
  const lacks = useContext(LacksContext);
  return (permission) => !(permission in lacks);
}

/** Whether the person may open the page at an address. */
export function useCanOpen(): (address: string) => boolean {
  const can = useCan();
  return (address) => {
    const needed = neededAt(address);
    return needed === undefined || can(needed);
  };
}

/** Who may do what the person may not, in words: “an operator or an administrator”. */
export function useWhoMay(): (permission: Permission) => string | undefined {
  const lacks = useContext(LacksContext);
  return (permission) => lacks[permission];
}

type CanOpenProps = { href: string; otherwise?: ReactNode; children: ReactNode };

/** Shows a link to those who may open it. */
export function CanOpen({ href, otherwise = null, children }: CanOpenProps) {
  return useCanOpen()(href) ? children : otherwise;
}

type CanProps = {
  permission: Permission;
  /** What is there instead for those who may not. */
  otherwise?: ReactNode;
  children: ReactNode;
};

/** Shows something to those who may do it. */
export function Can({ permission, otherwise = null, children }: CanProps) {
  return useCan()(permission) ? children : otherwise;
}
