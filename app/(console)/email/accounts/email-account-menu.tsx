"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { RepairButton } from "@/lib/remedies/remedy";

const load = () => import("./email-account-menu-items");
const Items = lazy(async () => ({ default: (await load()).EmailAccountMenuItems }));

type EmailAccountMenuProps = {
  id: string;
  name: string;
  emailAddress: string;
  isActive: boolean;
  canSignIn: boolean;
  /** What repairs the account, where something stops it. */
  repairs: readonly RepairButton[];
};

export function EmailAccountMenu(props: EmailAccountMenuProps) {
  return (
    <Can permission="accounts:write">
      <LazyMenu label={`Actions for ${props.name}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
