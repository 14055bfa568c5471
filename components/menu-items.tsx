"use client";

import { Menu } from "@mantine/core";
import { IconEdit, IconTrash } from "@tabler/icons-react";
import type { Route } from "next";
import Link from "next/link";

/** The items that most menus of a row have, the last of them apart from the others. */

export function EditItem({ href }: { href: Route }) {
  return (
    <Menu.Item leftSection={<IconEdit size={16} />} component={Link} href={href}>
      Edit
    </Menu.Item>
  );
}

export function DeleteItem({ onClick }: { onClick: () => void }) {
  return (
    <>
      <Menu.Divider />
      <Menu.Item
        c="var(--mantine-color-error)"
        leftSection={<IconTrash size={16} />}
        onClick={onClick}
      >
        Delete
      </Menu.Item>
    </>
  );
}
