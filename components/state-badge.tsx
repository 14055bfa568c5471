import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconLock,
  IconPlayerPause,
  IconRefresh,
  IconTool,
  IconUserExclamation,
} from "@tabler/icons-react";

const STATES = {
  connected: { label: "Connected", color: "teal", icon: IconCircleCheck },
  retrying: { label: "Retrying", color: "yellow", icon: IconRefresh },
  sign_in_again: { label: "Sign in again", color: "orange", icon: IconUserExclamation },
  fix_registration: { label: "Fix the registration", color: "red", icon: IconTool },
  locked: { label: "Locked", color: "red", icon: IconLock },
  not_signed_in: { label: "Not signed in", color: "gray", icon: IconCircleDashed },
  inactive: { label: "Inactive", color: "gray", icon: IconPlayerPause },
  password: { label: "Password", color: "gray", icon: IconLock },
  no_provider: { label: "No provider", color: "orange", icon: IconAlertTriangle },
} as const;

export type BadgeState = keyof typeof STATES;

/** A state by colour, symbol and word: never by colour alone. */
export function StateBadge({ state }: { state: BadgeState }) {
  const { label, color, icon: Icon } = STATES[state];
  return (
    <Badge color={color} leftSection={<Icon size={13} stroke={2} aria-hidden />}>
      {label}
    </Badge>
  );
}
