"use client";

import { Menu } from "@mantine/core";
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from "react";
import { MenuButton, type MenuButtonProps } from "./menu-button";

type OpenMenuProps = {
  label: string;
  width: number;
  isBusy?: boolean;
  button?: ComponentType<MenuButtonProps>;
  /** Items of Mantine's Menu. */
  children: ReactNode;
};

/** A menu that opens as soon as it is there: LazyMenu mounts it when its button was pressed. */
export function OpenMenu(props: OpenMenuProps) {
  const { label, width, isBusy = false, button: Button = MenuButton, children } = props;
  const target = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    // The pressed button is gone; the focus has to be here for the menu to give it back later.
    target.current?.focus({ preventScroll: true });
    setIsOpen(true);
  }, []);
  return (
    <Menu opened={isOpen} onChange={setIsOpen} position="bottom-end" width={width}>
      <Menu.Target>
        <Button ref={target} label={label} isBusy={isBusy} />
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
