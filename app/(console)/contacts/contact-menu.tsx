"use client";

import { lazy } from "react";
import { Can } from "@/components/can";
import { LazyMenu } from "@/components/lazy-menu";
import type { ContactRow } from "@/lib/contacts/schema";

const load = () => import("./contact-menu-items");
const Items = lazy(async () => ({ default: (await load()).ContactMenuItems }));

export function ContactMenu({ contact }: { contact: ContactRow }) {
  return (
    <Can permission="contacts:write">
      <LazyMenu label={`Actions for ${contact.email}`} load={load}>
        <Items contact={contact} />
      </LazyMenu>
    </Can>
  );
}
