import { ActionIcon, Box, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconPlus } from "@tabler/icons-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { PAGE_SIZE, PAGE_SIZES, type Page } from "@/lib/kernel/paging/schema";
import { type PageParameters, positionHref } from "@/lib/kernel/sections/schema";
import { CanOpen } from "./can";
import { countText } from "./count-text";
import { FilterSelect } from "./filters";
import { LinkIcon } from "./links";
import classes from "./list-footer.module.css";
import { pageAt } from "./routes";

type ShownPage = Omit<Page<unknown>, "rows"> & {
  shown: number;
  /** Number of its first row, if the address has it. */
  from?: number;
  limit?: number;
};

type PagerProps = {
  page: ShownPage;
  hrefOf: (cursor: { after?: string; before?: string; row?: string }) => string;
  noun: { one: string; many: string };
  staysInPlace?: boolean;
};

export function ListFooter({ add, ...pager }: PagerProps & { add?: ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" mih={52}>
      <Pager {...pager} />
      {add}
    </Group>
  );
}

type SectionPagesProps = {
  list: Page<unknown>;
  place: { path: string; parameters: PageParameters };
  section: string;
  noun: string;
  many?: string;
};

export function SectionPages(props: SectionPagesProps) {
  const { list, place, section, noun, many = `${noun}s` } = props;
  const { rows, ...page } = list;
  if (page.previous === undefined && page.next === undefined) return null;
  return (
    <Group mt="xs">
      <Pager
        page={{ ...page, shown: rows.length }}
        hrefOf={(position) => positionHref(place.path, place.parameters, { section, ...position })}
        noun={{ one: noun, many }}
        staysInPlace
      />
    </Group>
  );
}

function Pager({ page, hrefOf, noun, staysInPlace = false }: PagerProps) {
  const { previous, next, total, shown, from, limit } = page;
  const startAt = (row: number) => (from === undefined ? {} : { row: String(Math.max(1, row)) });
  const before =
    previous && hrefOf({ before: previous, ...startAt((from ?? 1) - (limit ?? shown)) });
  const after = next && hrefOf({ after: next, ...startAt((from ?? 1) + shown) });
  return (
    <Group gap="sm" wrap="nowrap">
      {(before || after) && (
        <>
          <Step href={before} label="Previous page" scroll={!staysInPlace}>
            <IconChevronLeft size={18} />
          </Step>
          <Step href={after} label="Next page" scroll={!staysInPlace}>
            <IconChevronRight size={18} />
          </Step>
        </>
      )}
      <Text c="dimmed">{countText({ shown, total, noun, from })}</Text>
      {limit !== undefined && (total.isCapped || total.count > PAGE_SIZE) && (
        <Box visibleFrom="sm">
          <FilterSelect
            name="limit"
            label="Rows per page"
            all={`${PAGE_SIZE} a page`}
            options={Object.fromEntries(
              PAGE_SIZES.filter((size) => size !== PAGE_SIZE).map((n) => [n, `${n} a page`]),
            )}
          />
        </Box>
      )}
    </Group>
  );
}

export function AddLink({ href, label }: { href: Route; label: string }) {
  return (
    <CanOpen href={href}>
      <Link href={href} prefetch={false} aria-label={label} className={classes.add}>
        <IconPlus size={26} stroke={2} />
      </Link>
    </CanOpen>
  );
}

type StepProps = { href: string | undefined; label: string; scroll: boolean; children: ReactNode };

function Step({ href, label, scroll, children }: StepProps) {
  if (!href)
    return (
      <ActionIcon variant="default" aria-label={label} disabled>
        {children}
      </ActionIcon>
    );
  return (
    <LinkIcon href={pageAt(href)} scroll={scroll} variant="default" aria-label={label}>
      {children}
    </LinkIcon>
  );
}
