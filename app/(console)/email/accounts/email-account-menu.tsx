"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { EmailAccountMenuItemsProps } from "./email-account-menu-items";

const load = () => import("./email-account-menu-items");
const Items = lazy(async () => ({ default: (await load()).EmailAccountMenuItems }));

export function EmailAccountMenu(props: EmailAccountMenuItemsProps) {
  return (
    <Can permission="accounts:write">
      <LazyMenu label={`Actions for ${props.name}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
