"use client";

import { Button, Group, Text } from "@mantine/core";
import type { RepairButton } from "@/lib/remedies/remedy";
import { LinkButton } from "./links";
import { useRepair } from "./repair-deeds";
import { repairInWords, useCanRepair, useWhoRepairs } from "./repair-needs";
import { pageAt } from "./routes";

type RepairButtonsProps = {
  buttons: readonly RepairButton[] | undefined;
  size?: "xs" | "compact-xs" | "compact-sm";
  /** Likeliest first; absent: all. */
  limit?: number;
  isPrimary?: boolean;
  isLater?: boolean;
  isShort?: boolean;
};

export function RepairButtons(props: RepairButtonsProps) {
  const { buttons = [], size = "xs", limit, isShort = false } = props;
  const { isPrimary = false, isLater = false } = props;
  const shown = buttons.slice(0, limit).filter(useCanRepair());
  const [likeliest] = buttons;
  if (!likeliest) return null;
  return (
    <Group gap="xs" data-repairs>
      <AskSomebody button={likeliest} />
      {shown.map((button, index) => (
        <Repair
          key={button.label}
          button={button}
          size={size}
          variant={isLater ? "default" : variantOf(index, isPrimary)}
          isShort={isShort}
        />
      ))}
    </Group>
  );
}

/** Names the role that may press it. */
function AskSomebody({ button }: { button: RepairButton }) {
  const who = useWhoRepairs()(button);
  return (
    who && (
      <Text>
        Ask {who} to {repairInWords(button)}.
      </Text>
    )
  );
}

function variantOf(index: number, isPrimary: boolean): string {
  if (index > 0) return "default";
  return isPrimary ? "filled" : "light";
}

type RepairProps = { button: RepairButton; size: string; variant: string; isShort: boolean };

function Repair({ button: { kind, label, does }, isShort, ...look }: RepairProps) {
  const { isBusy, run } = useRepair(does);
  const isNamed = isShort && kind === "sign_in" && "signsIn" in does;
  if ("opens" in does)
    return (
      <LinkButton href={pageAt(does.opens)} {...look}>
        {label}
      </LinkButton>
    );
  return (
    <Button
      loading={isBusy}
      onClick={run}
      {...(isNamed && { "aria-label": label, title: label })}
      {...look}
    >
      {isNamed ? "Sign in" : label}
    </Button>
  );
}
