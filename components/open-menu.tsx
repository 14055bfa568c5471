"use client";

import { Menu } from "@mantine/core";
import Link from "next/link";
import { type ComponentType, Fragment, useEffect, useRef, useState } from "react";
import { type Act, useActs } from "./acts";
import type { MenuButtonProps } from "./menu-button";

type OpenMenuProps = {
  label: string;
  title?: string;
  acts: readonly Act[];
  button: ComponentType<MenuButtonProps>;
};

export function OpenMenu({ label, title, acts, button: Button }: OpenMenuProps) {
  const target = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const { isBusy, press, dialog } = useActs();
  useEffect(() => {
    // The pressed button is gone; without this the menu could not return the focus.
    target.current?.focus({ preventScroll: true });
    setIsOpen(true);
  }, []);
  return (
    <>
      <Menu opened={isOpen} onChange={setIsOpen} position="bottom-end" width={220}>
        <Menu.Target>
          <Button ref={target} label={label} isBusy={isBusy} />
        </Menu.Target>
        <Menu.Dropdown>
          {title && <Menu.Label>{title}</Menu.Label>}
          {acts.map((act, index) => (
            <Fragment key={act.label}>
              {act.isDangerous && index > 0 && <Menu.Divider />}
              <Item act={act} onPress={() => press(act)} />
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}

function Item({ act, onPress }: { act: Act; onPress: () => void }) {
  const { label, icon: Icon, isDangerous = false } = act;
  const look = {
    ...(Icon && { leftSection: <Icon size={16} /> }),
    ...(isDangerous && { c: "var(--mantine-color-error)" }),
  };
  if ("href" in act)
    return (
      <Menu.Item component={Link} href={act.href} {...look}>
        {label}
      </Menu.Item>
    );
  return (
    <Menu.Item onClick={onPress} {...look}>
      {label}
    </Menu.Item>
  );
}
