"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { Grant } from "@/lib/registrations/schema";

const load = () => import("./authorization-menu-items");
const Items = lazy(async () => ({ default: (await load()).AuthorizationMenuItems }));

type AuthorizationMenuProps = { id: string; username: string; grant: Grant };

export function AuthorizationMenu(props: AuthorizationMenuProps) {
  return (
    <Can permission="authorizations:write">
      <LazyMenu label={`Actions for ${props.username || "the application"}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
