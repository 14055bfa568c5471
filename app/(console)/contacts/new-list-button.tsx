"use client";

import dynamic from "next/dynamic";
import { ActButton } from "@/components/act-button";
import { AddButton } from "@/components/add-button";

const ListDialog = dynamic(() => import("./list-dialog").then((module) => module.ListDialog));

export function NewListButton({ look }: { look: "add" | "button" }) {
  const act = {
    label: "New list",
    dialog: (close: () => void) => <ListDialog onClose={close} />,
  };
  return look === "add" ? <AddButton {...act} /> : <ActButton mt="md" variant="filled" {...act} />;
}
