"use client";

import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { revokeApiKeyAction } from "./actions";

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
