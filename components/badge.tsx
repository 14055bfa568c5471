import type { ReactNode } from "react";
import type { Verdict } from "@/lib/mail/schema";
import classes from "./badge.module.css";

export type Tint = "teal" | "yellow" | "orange" | "red" | "gray" | "indigo";

/** Drawn by the style sheet, so that rows stay small. */
export type BadgeIcon =
  | "alert-triangle"
  | "check"
  | "circle-check"
  | "circle-dashed"
  | "lock"
  | "minus"
  | "player-pause"
  | "refresh"
  | "tool"
  | "user-exclamation"
  | "x";

type BadgeProps = {
  tint: Tint;
  icon?: BadgeIcon;
  size?: "sm" | "md";
  title?: string;
  children: ReactNode;
};

/** Plain markup: a list has a hundred of them. */
export function Badge({ tint, icon, size = "md", title, children }: BadgeProps) {
  return (
    <span
      className={classes.badge}
      data-tint={tint}
      data-size={size}
      data-icon={icon}
      title={title}
    >
      {children}
    </span>
  );
}

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

export function StateBadge({ state }: { state: BadgeState }) {
  const { label, tint, icon } = STATES[state];
  return (
    <Badge tint={tint} icon={icon}>
      {label}
    </Badge>
  );
}

const LOOK: Record<Verdict, { tint: Tint; icon: BadgeIcon; word: string }> = {
  ok: { tint: "teal", icon: "check", word: "works" },
  failed: { tint: "red", icon: "x", word: "failed" },
  skipped: { tint: "gray", icon: "minus", word: "has no server" },
  aborted: { tint: "gray", icon: "minus", word: "not finished" },
};

const NOT_TESTED = { tint: "gray", icon: "minus", word: "not tested" } as const;

const PROTOCOLS = ["imap", "smtp", "pop3"] as const;

type VerdictBadgesProps = Record<(typeof PROTOCOLS)[number], Verdict | null> & {
  sendsBy: "smtp" | "graph";
  readsBy: "imap" | "graph";
};

export function VerdictBadges({ sendsBy, readsBy, ...verdicts }: VerdictBadgesProps) {
  const names = {
    imap: readsBy === "graph" ? "Graph reads" : "IMAP",
    smtp: sendsBy === "graph" ? "Graph sends" : "SMTP",
    pop3: "POP3",
  };
  return (
    <span className={classes.group}>
      {PROTOCOLS.filter((each) => each !== "pop3" || readsBy === "imap").map((protocol) => {
        const verdict = verdicts[protocol];
        const { tint, icon, word } = verdict ? LOOK[verdict] : NOT_TESTED;
        const name = names[protocol];
        return (
          <Badge key={name} size="sm" tint={tint} icon={icon} title={`${name} ${word}`}>
            {name}
          </Badge>
        );
      })}
    </span>
  );
}
