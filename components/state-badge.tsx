import { Badge, type BadgeIcon, type Tint } from "./badge";

const STATES = {
  connected: { label: "Connected", tint: "teal", icon: "circle-check" },
  retrying: { label: "Retrying", tint: "yellow", icon: "refresh" },
  sign_in_again: { label: "Sign in again", tint: "orange", icon: "user-exclamation" },
  blocked_by_policy: { label: "Blocked by policy", tint: "red", icon: "lock" },
  refused: { label: "Refused", tint: "red", icon: "alert-triangle" },
  fix_registration: { label: "Fix the registration", tint: "red", icon: "tool" },
  locked: { label: "Locked", tint: "red", icon: "lock" },
  not_signed_in: { label: "Not signed in", tint: "gray", icon: "circle-dashed" },
  inactive: { label: "Inactive", tint: "gray", icon: "player-pause" },
  password: { label: "Password", tint: "gray", icon: "lock" },
  working: { label: "Working", tint: "teal", icon: "circle-check" },
  // Being switched on does not mean that it works.
  active: { label: "Active", tint: "gray", icon: "circle-dashed" },
  test_passed: { label: "Test passed", tint: "teal", icon: "circle-check" },
  test_failed: { label: "Test failed", tint: "red", icon: "alert-triangle" },
  no_provider: { label: "No provider", tint: "orange", icon: "alert-triangle" },
} as const satisfies Record<string, { label: string; tint: Tint; icon: BadgeIcon }>;

export type BadgeState = keyof typeof STATES;

export function stateLabel(state: BadgeState): string {
  return STATES[state].label;
}

/** Never by colour alone. */
export function StateBadge({ state }: { state: BadgeState }) {
  const { label, tint, icon } = STATES[state];
  return (
    <Badge tint={tint} icon={icon}>
      {label}
    </Badge>
  );
}
