"use client";

import dynamic from "next/dynamic";
import { ActButton, AddButton } from "@/components/acts";
import type { Choices } from "@/lib/kernel/choices/schema";

const NewApiKeyForm = dynamic(() => import("./new-api-key-form").then((m) => m.NewApiKeyForm));

export function NewApiKeyButton({ accounts, look }: { accounts: Choices; look: "add" | "button" }) {
  const dialog = (close: () => void) => <NewApiKeyForm accounts={accounts} onClose={close} />;
  return look === "add" ? (
    <AddButton label="New API key" dialog={dialog} />
  ) : (
    <ActButton label="Create an API key" dialog={dialog} />
  );
}
