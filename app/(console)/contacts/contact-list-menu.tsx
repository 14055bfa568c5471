"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";

const load = () => import("./contact-list-menu-items");
const Items = lazy(async () => ({ default: (await load()).ContactListMenuItems }));

type ContactListMenuProps = { id: string; name: string; version: number };

export function ContactListMenu({ id, name, version }: ContactListMenuProps) {
  return (
    <Can permission="contacts:write">
      <LazyMenu label={`Actions for ${name}`} load={load}>
        <Items id={id} name={name} version={version} />
      </LazyMenu>
    </Can>
  );
}
