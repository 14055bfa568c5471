"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./device-menu-items");
const Items = lazy(async () => ({ default: (await load()).DeviceMenuItems }));

type DeviceMenuProps = { id: string; name: string; isPaused: boolean };

export function DeviceMenu(props: DeviceMenuProps) {
  return (
    <Can permission="devices:write">
      <LazyMenu label={`Actions for ${props.name}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
