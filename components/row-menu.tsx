import { type ComponentType, lazy, Suspense, useState, useTransition } from "react";
import type { Permission } from "@/lib/kernel/permissions/schema";
import type { Act } from "./acts";
import { useCan } from "./can";
import { MenuButton, type MenuButtonProps } from "./menu-button";

const load = () => import("./open-menu");
const OpenMenu = lazy(async () => ({ default: (await load()).OpenMenu }));

type RowMenuProps = {
  label: string;
  needs?: Permission;
  items: readonly (Act | false | null | undefined)[];
  title?: string;
  button?: ComponentType<MenuButtonProps>;
};

/** A menu costs more than the rest of a row, and few are opened, so a button stands for it. */
export function RowMenu({ items, needs, button: Button = MenuButton, ...menu }: RowMenuProps) {
  const can = useCan();
  const [isWanted, setIsWanted] = useState(false);
  const [isLoading, startLoading] = useTransition();
  if (!can(needs)) return null;
  const acts = items.flatMap((act) => (act && can(act.needs) ? [act] : []));
  const prepare = () => void load();
  return (
    <Suspense>
      {isWanted ? (
        <OpenMenu {...menu} acts={acts} button={Button} />
      ) : (
        <Button
          label={menu.label}
          isBusy={isLoading}
          onPointerEnter={prepare}
          onFocus={prepare}
          // In a transition the button stays meanwhile.
          onClick={() => startLoading(() => setIsWanted(true))}
        />
      )}
    </Suspense>
  );
}
