"use client";

import { lazy } from "react";
import { LazyMenu } from "./lazy-menu";
import { UserButton } from "./user-button";

const load = () => import("./user-menu-items");
const Items = lazy(async () => ({ default: (await load()).UserMenuItems }));

type UserMenuProps = { userName: string; signOut: () => Promise<void> };

export function UserMenu({ userName, signOut }: UserMenuProps) {
  return (
    <LazyMenu label={userName} load={load} button={UserButton}>
      <Items userName={userName} signOut={signOut} />
    </LazyMenu>
  );
}
