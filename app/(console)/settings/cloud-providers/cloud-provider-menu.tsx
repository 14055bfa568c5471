"use client";

import { lazy } from "react";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./cloud-provider-menu-items");
const Items = lazy(async () => ({ default: (await load()).CloudProviderMenuItems }));

type CloudProviderMenuProps = { id: string; name: string };

export function CloudProviderMenu({ id, name }: CloudProviderMenuProps) {
  return (
    <LazyMenu label={`Actions for ${name}`} load={load}>
      <Items id={id} name={name} />
    </LazyMenu>
  );
}
