"use client";

import type { ButtonProps } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { ActButton } from "@/components/acts";
import { neededToConnect } from "@/components/repair";
import type { Grant } from "@/lib/registrations/schema";
import type { BeginAuthorization } from "@/lib/sign-ins/schema";
import { connecting } from "./connect";
import { signingIn } from "./signing-in";

type AuthenticateButtonProps = ButtonProps & { label: string; subject: BeginAuthorization };

export function AuthenticateButton({ label, subject, ...look }: AuthenticateButtonProps) {
  const act = { ...signingIn(subject), label, needs: "authorizations:write" } as const;
  return <ActButton variant="filled" {...act} {...look} />;
}

type ConnectButtonProps = ButtonProps & { cloudProviderId: string; grant: Grant; label: string };

export function ConnectButton({ cloudProviderId, grant, label, ...look }: ConnectButtonProps) {
  const act = {
    label,
    icon: IconPlugConnected,
    needs: neededToConnect(grant),
    run: connecting({ cloudProviderId, grant }),
  };
  return <ActButton variant="filled" {...act} {...look} />;
}
