"use client";

import type { Remedy, RepairButton } from "@/lib/remedies/remedy";
import { useWhoRepairs } from "./repair-needs";
import { whoDoesIt } from "./who-does-it";

type WhoFixesItProps = {
  who: Remedy["who"];
  buttons: readonly RepairButton[] | undefined;
  isWaiting?: boolean;
};

/** Who takes the steps of a remedy: someone else, if the reader's role can't press its first button. */
export function WhoFixesIt({ who, buttons = [], isWaiting = false }: WhoFixesItProps) {
  const whoRepairs = useWhoRepairs();
  const [likeliest] = buttons;
  return whoDoesIt(who, { other: likeliest && whoRepairs(likeliest), isWaiting });
}
