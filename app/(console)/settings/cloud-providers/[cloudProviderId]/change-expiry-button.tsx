"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Can } from "@/components/can";
import type { ChangeExpiryProps } from "./change-expiry-dialog";

const ChangeExpiryDialog = dynamic(() =>
  import("./change-expiry-dialog").then((module) => module.ChangeExpiryDialog),
);

/** For a day that was entered wrong, or changed at the platform. */
export function ChangeExpiryButton(props: ChangeExpiryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Can permission="providers:write">
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        Change expiry
      </Button>
      {isOpen && <ChangeExpiryDialog {...props} onClose={() => setOpen(false)} />}
    </Can>
  );
}
