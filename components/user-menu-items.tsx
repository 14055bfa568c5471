"use client";

import { Menu } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import Link from "next/link";
import { forgetUser } from "./drafts";
import { OpenMenu } from "./open-menu";
import { pageAt } from "./routes";
import { UserButton } from "./user-button";

type UserMenuItemsProps = { userName: string; signOut: () => Promise<void> };

export function UserMenuItems({ userName, signOut }: UserMenuItemsProps) {
  const leave = () => {
    forgetUser();
    void signOut();
  };
  return (
    <OpenMenu label={userName} width={220} button={UserButton}>
      <Menu.Label>{userName}</Menu.Label>
      <Menu.Item
        component={Link}
        href={pageAt("/profile")}
        leftSection={<IconUserCircle size={16} />}
      >
        Your profile
      </Menu.Item>
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
        Sign out
      </Menu.Item>
    </OpenMenu>
  );
}
