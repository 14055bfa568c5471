"use client";

import dynamic from "next/dynamic";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { AddButton } from "@/components/add-button";
import type { Choices } from "@/lib/kernel/choices/schema";
import { revokeApiKeyAction } from "./actions";

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

export function RevokeApiKeyButton({ id, name }: { id: string; name: string }) {
  return (
    <ActButton
      size="xs"
      aria-label={`Revoke ${name}`}
      label="Revoke"
      isDangerous
      confirm={{
        title: `Revoke ${name}?`,
        text: "Programs that use this key are refused from their next request.",
      }}
      run={act(() => revokeApiKeyAction({ id }), `${name} was revoked.`)}
    />
  );
}
