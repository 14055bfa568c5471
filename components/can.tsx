"use client";

import { createContext, type ReactNode, useContext } from "react";
import { neededAt } from "@/lib/http/auth/pages/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";

type Lacks = Partial<Record<Permission, string>>;

const LacksContext = createContext<Lacks>({});

/** Hides only; lib refuses. */
export function RoleProvider({ lacks, children }: { lacks: Lacks; children: ReactNode }) {
  return <LacksContext value={lacks}>{children}</LacksContext>;
}

export function useCan(): (permission: Permission) => boolean {
  const lacks = useContext(LacksContext);
  return (permission) => !(permission in lacks);
}

export function useCanOpen(): (address: string) => boolean {
  const can = useCan();
  return (address) => {
    const needed = neededAt(address);
    return needed === undefined || can(needed);
  };
}

/** “an operator or an administrator” */
export function useWhoMay(): (permission: Permission) => string | undefined {
  const lacks = useContext(LacksContext);
  return (permission) => lacks[permission];
}

type CanOpenProps = { href: string; otherwise?: ReactNode; children: ReactNode };

export function CanOpen({ href, otherwise = null, children }: CanOpenProps) {
  return useCanOpen()(href) ? children : otherwise;
}

type CanProps = { permission: Permission; otherwise?: ReactNode; children: ReactNode };

export function Can({ permission, otherwise = null, children }: CanProps) {
  return useCan()(permission) ? children : otherwise;
}
