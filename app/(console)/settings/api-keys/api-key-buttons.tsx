"use client";

import dynamic from "next/dynamic";
import { ActButton } from "@/components/act-button";
import { AddButton } from "@/components/add-button";
import type { Choices } from "@/lib/kernel/choices/schema";

const NewApiKeyForm = dynamic(() =>
  import("./new-api-key-form").then((module) => module.NewApiKeyForm),
);

type NewApiKeyButtonProps = { accounts: Choices; look: "add" | "button" };

export function NewApiKeyButton({ accounts, look }: NewApiKeyButtonProps) {
  const dialog = (close: () => void) => <NewApiKeyForm accounts={accounts} onClose={close} />;
  return look === "add" ? (
    <AddButton label="New API key" dialog={dialog} />
  ) : (
    <ActButton label="Create an API key" dialog={dialog} />
  );
}
