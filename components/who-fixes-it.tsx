"use client";

import type { Remedy, RepairButton } from "@/lib/remedies/remedy";
import { useWhoRepairs } from "./repair-needs";
import { whoDoesIt } from "./who-does-it";

type WhoFixesItProps = { who: Remedy["who"]; buttons: readonly RepairButton[] | undefined };

/** Who takes the steps of a remedy: someone else, if the reader's role can't press its first button. */
export function WhoFixesIt({ who, buttons = [] }: WhoFixesItProps) {
  const whoRepairs = useWhoRepairs();
  const [likeliest] = buttons;
  return whoDoesIt(who, likeliest && whoRepairs(likeliest));
}
