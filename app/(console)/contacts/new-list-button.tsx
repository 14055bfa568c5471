"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";

const NewListDialog = dynamic(() =>
  import("./new-list-dialog").then((module) => module.NewListDialog),
);

/** At the lower right of the lists, or where there is none yet. */
export function NewListButton({ look }: { look: "add" | "button" }) {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  return (
    <>
      {look === "add" ? (
        <AddButton label="New list" onClick={open} />
      ) : (
        <Button mt="md" onClick={open}>
          New list
        </Button>
      )}
      {isOpen && <NewListDialog onClose={() => setOpen(false)} />}
    </>
  );
}
