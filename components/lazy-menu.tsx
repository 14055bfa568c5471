"use client";

import { type ComponentType, type ReactNode, Suspense, useState, useTransition } from "react";
import { MenuButton, type MenuButtonProps } from "./menu-button";

type LazyMenuProps = {
  label: string;
  /** Loads what `children` needs; called as soon as the user is about to open the menu. */
  load: () => Promise<unknown>;
  button?: ComponentType<MenuButtonProps>;
  /** The menu: a lazy component around an OpenMenu with the same button. */
  children: ReactNode;
};

/**
 * A button until its menu is wanted. A menu with its positioning costs the server and the browser
 * more than all the rest of a row, and hardly any of a list's is ever opened.
 */
export function LazyMenu({ label, load, button: Button = MenuButton, children }: LazyMenuProps) {
  const [isWanted, setIsWanted] = useState(false);
  const [isLoading, startLoading] = useTransition();
  const prepare = () => void load();
  return (
    <Suspense>
      {isWanted ? (
        children
      ) : (
        <Button
          label={label}
          isBusy={isLoading}
          onPointerEnter={prepare}
          onFocus={prepare}
          // In a transition the button stays until the menu is there.
          onClick={() => startLoading(() => setIsWanted(true))}
        />
      )}
    </Suspense>
  );
}
