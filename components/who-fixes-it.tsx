"use client";

import type { Remedy, RepairButton } from "@/lib/remedies/remedy";
import { useWhoRepairs } from "./repair-needs";
import { whoDoesIt } from "./who-does-it";

type WhoFixesItProps = {
  who: Remedy["who"];
  buttons: readonly RepairButton[] | undefined;
  isWaiting?: boolean;
};

/** Someone else, if the reader's role cannot press its first button. */
export function WhoFixesIt({ who, buttons = [], isWaiting = false }: WhoFixesItProps) {
  const whoRepairs = useWhoRepairs();
  const [likeliest] = buttons;
  return whoDoesIt(who, { other: likeliest && whoRepairs(likeliest), isWaiting });
}
