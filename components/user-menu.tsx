"use client";

import { VisuallyHidden } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { forgetUser } from "./drafts";
import type { MenuButtonProps } from "./menu-button";
import { pageAt } from "./routes";
import { RowMenu } from "./row-menu";
import classes from "./shell.module.css";

type UserMenuProps = { userName: string; signOut: () => Promise<void> };

export function UserMenu({ userName, signOut }: UserMenuProps) {
  const leave = () => {
    forgetUser();
    void signOut();
  };
  return (
    <RowMenu
      label={userName}
      title={userName}
      button={UserButton}
      items={[
        { label: "Your profile", icon: IconUserCircle, href: pageAt("/profile") },
        { label: "Sign out", icon: IconLogout, press: leave },
      ]}
    />
  );
}

function UserButton({ label, isBusy, ...props }: MenuButtonProps) {
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
