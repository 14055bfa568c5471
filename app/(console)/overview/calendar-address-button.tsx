"use client";

import dynamic from "next/dynamic";
import { ActButton } from "@/components/acts";

const CalendarAddressDialog = dynamic(() =>
  import("./calendar-address-dialog").then((module) => module.CalendarAddressDialog),
);

export function CalendarAddressButton() {
  return (
    <ActButton
      size="xs"
      label="Subscribe in a calendar"
      needs="alerts:write"
      dialog={<CalendarAddressDialog />}
    />
  );
}
