"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { ProviderDialogProps } from "./provider-dialog";

const load = () => import("./cloud-provider-menu-items");
const Items = lazy(async () => ({ default: (await load()).CloudProviderMenuItems }));

export function CloudProviderMenu(props: ProviderDialogProps) {
  return (
    <Can permission="authorizations:write">
      <LazyMenu label={`Actions for ${props.name}`} load={load}>
        <Items {...props} />
      </LazyMenu>
    </Can>
  );
}
