"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { neededToConnect } from "@/components/repair-needs";
import type { Grant } from "@/lib/registrations/schema";
import { useConnect } from "./use-connect";

type ConnectButtonProps = ButtonProps & { cloudProviderId: string; grant: Grant; label: string };

/** Gets tokens without anyone signing in. */
export function ConnectButton({ cloudProviderId, grant, label, ...props }: ConnectButtonProps) {
  const { isBusy, connect } = useConnect({ cloudProviderId, grant });
  return (
    <Can permission={neededToConnect(grant)}>
      <Button
        leftSection={<IconPlugConnected size={16} />}
        loading={isBusy}
        onClick={connect}
        {...props}
      >
        {label}
      </Button>
    </Can>
  );
}
