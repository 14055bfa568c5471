import { VisuallyHidden } from "@mantine/core";
import type { MenuButtonProps } from "./menu-button";
import classes from "./shell.module.css";

/** The initials of who is signed in. */
export function UserButton({ label, isBusy, ...props }: MenuButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-busy={isBusy}
      {...props}
      className={classes.user}
    >
      <span aria-hidden>{initials(label)}</span>
      <VisuallyHidden>Signed in as {label}</VisuallyHidden>
    </button>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0]?.toLocaleUpperCase("en") ?? "").join("");
}
