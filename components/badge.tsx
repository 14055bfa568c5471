import type { ReactNode } from "react";
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
