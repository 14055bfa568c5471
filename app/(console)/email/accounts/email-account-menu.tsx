"use client";

import { lazy } from "react";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./email-account-menu-items");
const Items = lazy(async () => ({ default: (await load()).EmailAccountMenuItems }));

type EmailAccountMenuProps = {
  id: string;
  name: string;
  emailAddress: string;
  isActive: boolean;
  canAuthenticate: boolean;
};

export function EmailAccountMenu(props: EmailAccountMenuProps) {
  return (
    <LazyMenu label={`Actions for ${props.name}`} load={load}>
      <Items {...props} />
    </LazyMenu>
  );
}
