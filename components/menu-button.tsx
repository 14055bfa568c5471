import type { ComponentProps } from "react";
import classes from "./menu-button.module.css";

export type MenuButtonProps = Omit<ComponentProps<"button">, "children"> & {
  label: string;
  isBusy: boolean;
};

export function MenuButton({ label, isBusy, className, ...props }: MenuButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      aria-busy={isBusy}
      disabled={isBusy}
      {...props}
      className={className ? `${classes.button} ${className}` : classes.button}
    >
      <svg viewBox="0 0 24 24" width={18} height={18} aria-hidden>
        <path d="M5 12h.01M12 12h.01M19 12h.01" />
      </svg>
    </button>
  );
}
