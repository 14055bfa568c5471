"use client";

import { Menu } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { OpenMenu } from "./open-menu";
import { UserButton } from "./user-button";

type UserMenuItemsProps = { userName: string; signOut: () => Promise<void> };

export function UserMenuItems({ userName, signOut }: UserMenuItemsProps) {
  return (
    <OpenMenu label={userName} width={220} button={UserButton}>
      <Menu.Label>{userName}</Menu.Label>
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
        Sign out
      </Menu.Item>
    </OpenMenu>
  );
}
