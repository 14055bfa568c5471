"use client";

import { Button } from "@mantine/core";
import { useTransition } from "react";
import { Can } from "@/components/can";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import { restoreClientSecretAction } from "../actions";

type UseAgainButtonProps = { cloudProviderId: string; version: number };

/** The way back to a credential that was replaced: it is tried first, as a new one is. */
export function UseAgainButton({ cloudProviderId, version }: UseAgainButtonProps) {
  const [isBusy, start] = useTransition();
  const restore = () =>
    start(async () => {
      const result = await attempt(() => restoreClientSecretAction({ cloudProviderId, version }));
      if (result.ok) notifySuccess("It works and is in use again.");
      else
        notifyProblem({
          ...result.error,
          message: result.error.fields?.root?.[0] ?? result.error.message,
        });
    });
  return (
    <Can permission="providers:write">
      <Button size="compact-xs" variant="default" loading={isBusy} onClick={restore}>
        Use again
      </Button>
    </Can>
  );
}
