"use client";

import { Button, Text } from "@mantine/core";
import { IconExternalLink, IconFingerprint } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { showPasskey } from "@/components/passkey";
import { endProof } from "@/components/proof";
import { onProvenElsewhere } from "@/components/proof-elsewhere";
import { useAction } from "@/components/use-action";
import type { ActionError, ActionResult } from "@/lib/http/schema";
import type { ProofMethods } from "@/lib/people/factors/schema";
import { beginPasskeyProofAction, proveWithPasskeyAction } from "./proof-actions";

/** In its own tab; this one continues when that ends. */
export function CompanyProof({ companies }: Pick<ProofMethods, "companies">) {
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => (isWaiting ? onProvenElsewhere(() => endProof(true)) : undefined), [isWaiting]);
  return (
    <>
      {companies.map(({ slug, name }) => (
        <Button
          key={slug}
          component="a"
          href={`/confirm?company=${slug}`}
          target="_blank"
          rel="opener"
          variant="default"
          rightSection={<IconExternalLink size={18} />}
          onClick={() => setWaiting(true)}
        >
          Sign in at {name} again
        </Button>
      ))}
      {isWaiting && (
        <Text size="sm" role="status">
          Sign in in the other tab. This page then continues.
        </Text>
      )}
    </>
  );
}

export function PasskeyProof({ onProblem }: { onProblem: (problem: ActionError | null) => void }) {
  const { isBusy, run } = useAction();
  const prove = () =>
    run(async () => {
      const result = await provePasskey();
      if (result?.ok) endProof(true);
      else onProblem(result?.error ?? null);
      return { ok: true, data: null };
    });
  return (
    <Button
      variant="default"
      leftSection={<IconFingerprint size={18} />}
      loading={isBusy}
      onClick={prove}
    >
      Use a passkey
    </Button>
  );
}

/** @returns null if the person cancelled */
async function provePasskey(): Promise<ActionResult<void> | null> {
  const begun = await beginPasskeyProofAction({});
  if (!begun.ok) return begun;
  const shown = await showPasskey(begun.data);
  if (shown.ok) return proveWithPasskeyAction({ response: shown.data });
  return shown.error ? { ok: false, error: shown.error } : null;
}
