"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { SwitchedPerson } from "./use-administrator-switch";

const load = () => import("./administrator-menu-items");
const Items = lazy(async () => ({ default: (await load()).AdministratorMenuItems }));

/** What can be done about one person without opening their page. */
export function AdministratorMenu({ person }: { person: SwitchedPerson }) {
  return (
    <Can permission="administrators:write">
      <LazyMenu label={`Actions for ${person.name}`} load={load}>
        <Items person={person} />
      </LazyMenu>
    </Can>
  );
}
