import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { Route } from "next";
import type { ComponentType, ReactNode } from "react";
import { listHref, type OpenList, placeOf, sortLink } from "@/lib/kernel/paging/schema";
import {
  FilterChoice,
  type FilterChoiceProps,
  FilterSelect,
  type FilterSelectProps,
  SearchField,
} from "./filters";
import { LinkButton } from "./links";
import { type ChosenFilter, ListFilters, UnknownFilters } from "./list-filters";
import { ListFooter } from "./list-footer";
import { Page } from "./page";
import { SortHeader, Table } from "./table";

export type Filter = FilterSelectProps | FilterChoiceProps;

/** A label alone does not sort. */
export type Column = string | readonly [label: string, sort: string];

type ListPageProps<R> = {
  list: OpenList<R>;
  path: Route;
  title: string;
  description?: ReactNode;
  parent?: { href: Route; label: string };
  noun: { one: string; many: string };
  search: string;
  actions?: ReactNode;
  add?: ReactNode;
  filters?: readonly Filter[];
  chosen?: readonly ChosenFilter[];
  always?: readonly string[];
  /** Before the filters, and below the table. */
  above?: ReactNode;
  below?: ReactNode;
  empty?: ReactNode;
  nothing?: string | undefined;
  columns: readonly Column[];
  hasActions?: boolean;
  around?: (content: ReactNode) => ReactNode;
  rows: (rows: R[]) => ReactNode;
};

export function ListPage<R>(props: ListPageProps<R>) {
  const { list, path, noun, empty, above, below, around = (content) => content } = props;
  const { params, rows, isNarrowed } = list;
  const isNew = rows.length === 0 && !isNarrowed && empty !== undefined;
  return (
    <Page
      title={props.title}
      {...(isNew && props.description !== undefined && { description: props.description })}
      {...(props.parent && { parent: props.parent })}
      actions={
        <Group gap="xs">
          {!isNew && <SearchField label={props.search} />}
          {props.actions}
        </Group>
      }
      footer={
        <ListFooter
          page={{ ...list, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(path, params, cursor)}
          noun={noun}
          add={props.add}
        />
      }
    >
      {above}
      <UnknownFilters unknown={list.unknown} noun={noun.many} />
      {!isNew && (
        <ListFilters
          path={path}
          params={params}
          views={list.views}
          {...(props.always && { always: props.always })}
          {...(props.chosen && { on: props.chosen })}
        >
          {props.filters?.map((filter) =>
            "find" in filter ? (
              <FilterChoice key={filter.name} {...filter} />
            ) : (
              <FilterSelect key={filter.name} {...filter} />
            ),
          )}
        </ListFilters>
      )}
      {around(
        <>
          {isNew && empty}
          {!isNew && rows.length === 0 && (
            <NothingFound href={path} all={`Show all ${noun.many}`}>
              {props.nothing || `No ${noun.one} is in this view.`}
            </NothingFound>
          )}
          {rows.length > 0 && <ListTable {...props}>{props.rows(rows)}</ListTable>}
        </>,
      )}
      {below}
    </Page>
  );
}

type ListTableProps = Pick<ListPageProps<never>, "path" | "columns" | "hasActions"> & {
  list: Pick<OpenList<unknown>, "params">;
  children: ReactNode;
};

function ListTable({ list, path, columns, hasActions = true, children }: ListTableProps) {
  const heading = (column: Column) =>
    typeof column === "string" ? (
      column
    ) : (
      <SortHeader key={column[0]} label={column[0]} {...sortLink(path, list.params, column[1])} />
    );
  return (
    <Table columns={columns.map(heading)} hasActions={hasActions}>
      {children}
    </Table>
  );
}

type EmptyStateProps = {
  icon?: ComponentType<{ size: number; stroke: number }>;
  title: string;
  children: ReactNode;
  link?: { href: Route; label: string };
  action?: ReactNode;
};

export function EmptyState({ icon: Icon, title, children, link, action }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs" py="xl" ta="center">
        {Icon && <Icon size={40} stroke={1.3} />}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="md" c="dimmed" maw="46ch" component="div" style={{ overflowWrap: "anywhere" }}>
          {children}
        </Text>
        {action}
        {link && (
          <LinkButton href={link.href} mt="md" variant="default">
            {link.label}
          </LinkButton>
        )}
      </Stack>
    </Paper>
  );
}

type NothingFoundProps = { href: Route; all: string; children: ReactNode };

export function NothingFound({ href, all, children }: NothingFoundProps) {
  return (
    <EmptyState title="Nothing found" link={{ href, label: all }}>
      {children}
    </EmptyState>
  );
}
