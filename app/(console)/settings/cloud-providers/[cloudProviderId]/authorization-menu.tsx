"use client";

import { lazy } from "react";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./authorization-menu-items");
const Items = lazy(async () => ({ default: (await load()).AuthorizationMenuItems }));

export function AuthorizationMenu({ id, username }: { id: string; username: string }) {
  return (
    <LazyMenu label={`Actions for ${username}`} load={load}>
      <Items id={id} username={username} />
    </LazyMenu>
  );
}
