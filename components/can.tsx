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

/** Without a permission that is needed, everyone can. */
export function useCan(): (needed: Permission | undefined) => boolean {
  const lacks = useContext(LacksContext);
  return (needed) => needed === undefined || !(needed in lacks);
}

export function useCanOpen(): (address: string) => boolean {
  const can = useCan();
  return (address) => can(neededAt(address));
}

/** “an operator or an administrator” */
export function useWhoMay(): (needed: Permission | undefined) => string | undefined {
  const lacks = useContext(LacksContext);
  return (needed) => needed && lacks[needed];
}

type CanOpenProps = { href: string; otherwise?: ReactNode; children: ReactNode };

export function CanOpen({ href, otherwise = null, children }: CanOpenProps) {
  return useCanOpen()(href) ? children : otherwise;
}

type CanProps = { permission: Permission; otherwise?: ReactNode; children: ReactNode };

export function Can({ permission, otherwise = null, children }: CanProps) {
  return useCan()(permission) ? children : otherwise;
}
