import { Button } from "@mantine/core";
import type { MenuButtonProps } from "@/components/menu-button";

export function BulkButton({ label, isBusy, ...props }: MenuButtonProps) {
  const { color: _color, style: _style, disabled = false, ...rest } = props;
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-haspopup="menu"
      aria-expanded={false}
      loading={isBusy}
      disabled={disabled}
      {...rest}
    >
      {label}
    </Button>
  );
}
