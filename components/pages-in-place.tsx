import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { PAGE_SIZE } from "@/lib/kernel/paging/schema";
import { countText } from "./count-text";

type PagesInPlaceProps = {
  page: number;
  count: number;
  noun: { one: string; many: string };
  onTurn: (page: number) => void;
};

export function PagesInPlace({ page, count, noun, onTurn }: PagesInPlaceProps) {
  if (count <= PAGE_SIZE) return null;
  const first = page * PAGE_SIZE;
  const shown = Math.min(PAGE_SIZE, count - first);
  return (
    <Group gap="sm" wrap="nowrap">
      <ActionIcon
        variant="default"
        aria-label="Previous page"
        disabled={page === 0}
        onClick={() => onTurn(page - 1)}
      >
        <IconChevronLeft size={18} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        aria-label="Next page"
        disabled={first + shown >= count}
        onClick={() => onTurn(page + 1)}
      >
        <IconChevronRight size={18} />
      </ActionIcon>
      <Text c="dimmed" role="status">
        {countText({ shown, total: { count, isCapped: false }, noun, from: first + 1 })}
      </Text>
    </Group>
  );
}

export function pageOf<T>(all: readonly T[], page: number): readonly T[] {
  return all.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}
