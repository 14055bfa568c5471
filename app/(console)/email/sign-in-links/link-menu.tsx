"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { LinkOfMenu } from "./link-menu-items";

const load = () => import("./link-menu-items");
const Items = lazy(async () => ({ default: (await load()).LinkMenuItems }));

/** What can be done about one link. */
export function LinkMenu(link: LinkOfMenu) {
  return (
    <Can permission="authorizations:write">
      <LazyMenu label={`Actions for the link of ${link.username}`} load={load}>
        <Items {...link} />
      </LazyMenu>
    </Can>
  );
}
