"use client";

import { lazy } from "react";
import { LazyMenu } from "@/components/lazy-menu";
import type { CredentialKind, Grant, ServiceId } from "@/lib/registrations/schema";

const load = () => import("./cloud-provider-menu-items");
const Items = lazy(async () => ({ default: (await load()).CloudProviderMenuItems }));

type CloudProviderMenuProps = {
  id: string;
  name: string;
  service: ServiceId;
  credentialKind: CredentialKind;
  grant: Grant;
};

export function CloudProviderMenu(props: CloudProviderMenuProps) {
  return (
    <LazyMenu label={`Actions for ${props.name}`} load={load}>
      <Items {...props} />
    </LazyMenu>
  );
}
