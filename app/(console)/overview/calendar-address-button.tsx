"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Can } from "@/components/can";

const CalendarAddressDialog = dynamic(() =>
  import("./calendar-address-dialog").then((module) => module.CalendarAddressDialog),
);

export function CalendarAddressButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Can permission="alerts:write">
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        Subscribe in a calendar
      </Button>
      {isOpen && <CalendarAddressDialog onClose={() => setOpen(false)} />}
    </Can>
  );
}
