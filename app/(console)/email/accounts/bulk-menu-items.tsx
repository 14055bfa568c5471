"use client";

import { Menu } from "@mantine/core";
import { OpenMenu } from "@/components/open-menu";
import { BulkButton } from "./bulk-button";
import { BULK_WISHES, type BulkWish } from "./bulk-wishes";

type BulkMenuItemsProps = { count: string; onChoose: (wish: BulkWish) => void };

const SAFE: readonly BulkWish[] = [
  "contactListId",
  "cloudProviderId",
  "testSchedule",
  "activate",
  "deactivate",
];

export function BulkMenuItems({ count, onChoose }: BulkMenuItemsProps) {
  return (
    <OpenMenu label={`Change (${count})`} width={220} button={BulkButton}>
      {SAFE.map((wish) => (
        <Menu.Item key={wish} onClick={() => onChoose(wish)}>
          {BULK_WISHES[wish].item}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item c="var(--mantine-color-error)" onClick={() => onChoose("delete")}>
        {BULK_WISHES.delete.item}
      </Menu.Item>
    </OpenMenu>
  );
}
