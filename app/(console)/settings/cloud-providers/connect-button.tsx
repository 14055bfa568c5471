"use client";

import { Button } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { connectApplicationAction } from "./actions";

type ConnectButtonProps = { cloudProviderId: string; label: string };

/** Gets the application's own token; nobody signs in. */
export function ConnectButton({ cloudProviderId, label }: ConnectButtonProps) {
  const [isBusy, start] = useTransition();
  const connect = () =>
    start(async () => {
      const result = await connectApplicationAction({ cloudProviderId });
      if (!result.ok) notifyProblem(result.error.message);
      else if (result.data.missing.length === 0) notifySuccess("The application is connected.");
      else
        notifyProblem(
          `The application is known, but was not granted ${result.data.missing.join(", ")}.`,
        );
    });
  return (
    <Button leftSection={<IconPlugConnected size={16} />} loading={isBusy} onClick={connect}>
      {label}
    </Button>
  );
}
