"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { AddButton } from "@/components/add-button";
import type { Choice } from "@/lib/kernel/choices/schema";

const NewContactDialog = dynamic(() =>
  import("./new-contact-dialog").then((module) => module.NewContactDialog),
);

export function NewContactButton({ list }: { list: Choice }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <AddButton label="New contact" onClick={() => setOpen(true)} />
      {isOpen && <NewContactDialog list={list} onClose={() => setOpen(false)} />}
    </>
  );
}
