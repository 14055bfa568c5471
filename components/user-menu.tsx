"use client";

import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { forgetUser } from "./drafts";
import { pageAt } from "./routes";
import { RowMenu } from "./row-menu";
import { UserButton } from "./user-button";

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
