"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { SignInLinkRow } from "@/lib/sign-ins/links/schema";

const load = () => import("./link-menu-items");
const Items = lazy(async () => ({ default: (await load()).LinkMenuItems }));

/** What the menu of a link needs to know of it. */
export type LinkOfMenu = Pick<SignInLinkRow, "id" | "username" | "cloudProviderId" | "state"> & {
  canMail: boolean;
  /** How it went out by mail; null where it did not. */
  letterState: NonNullable<SignInLinkRow["mail"]>["letter"]["state"] | null;
  /** Whether a reminder waits for its time. */
  isReminded: boolean;
};

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
