"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { ChannelKind } from "@/lib/watch/alerts/schema";

const load = () => import("./alert-channel-menu-items");
const Items = lazy(async () => ({ default: (await load()).AlertChannelMenuItems }));

type AlertChannelMenuProps = { id: string; name: string; kind: ChannelKind };

export function AlertChannelMenu(props: AlertChannelMenuProps) {
  return (
    <Can permission="alerts:write">
      <LazyMenu label={`Actions for ${props.name}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
