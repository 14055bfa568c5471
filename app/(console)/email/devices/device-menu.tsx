"use client";

import { lazy } from "react";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./device-menu-items");
const Items = lazy(async () => ({ default: (await load()).DeviceMenuItems }));

type DeviceMenuProps = { id: string; name: string; isPaused: boolean };

export function DeviceMenu(props: DeviceMenuProps) {
  return (
    <LazyMenu label={`Actions for ${props.name}`} load={load}>
      <Items {...props} />
    </LazyMenu>
  );
}
