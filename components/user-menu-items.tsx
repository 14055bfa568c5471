"use client";

import { Menu } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { OpenMenu } from "./open-menu";
import { UserButton } from "./user-button";
import type { UserMenuProps } from "./user-menu";

export function UserMenuItems({ userName, signOut }: UserMenuProps) {
  return (
    <OpenMenu label={userName} width={220} button={UserButton}>
      <Menu.Label>{userName}</Menu.Label>
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
        Sign out
      </Menu.Item>
    </OpenMenu>
  );
}
