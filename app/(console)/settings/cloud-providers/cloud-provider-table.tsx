import {
  Group,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import { ExpiryText } from "@/components/expiry-text";
import { TextLink } from "@/components/links";
import { routes } from "@/components/routes";
import { SortHeader } from "@/components/sort-header";
import { StateBadge } from "@/components/state-badge";
import classes from "@/components/table.module.css";
import type {
  CloudChoice,
  CloudProviderRow,
  CloudProviderSort,
} from "@/lib/cloud-providers/schema";
import { type ListParams, sortLink } from "@/lib/paging/schema";
import { CloudProviderMenu } from "./cloud-provider-menu";

type CloudProviderTableProps = {
  rows: CloudProviderRow[];
  clouds: CloudChoice[];
  params: ListParams<CloudProviderSort>;
  path: string;
};

export function CloudProviderTable({ rows, clouds, params, path }: CloudProviderTableProps) {
  return (
    <div className={classes.frame}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
        <TableThead>
          <TableTr>
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            <TableTh>Status</TableTh>
            <TableTh>Signed in</TableTh>
            <TableTh>Accounts</TableTh>
            <TableTh>Secret expires</TableTh>
            <TableTh className={classes.menu} aria-label="Actions" />
          </TableTr>
        </TableThead>
        <TableTbody>
          {rows.map((row) => (
            <CloudProviderTableRow key={row.id} row={row} clouds={clouds} />
          ))}
        </TableTbody>
      </Table>
    </div>
  );
}

function CloudProviderTableRow({ row, clouds }: { row: CloudProviderRow; clouds: CloudChoice[] }) {
  const cloud = clouds.find(({ id }) => id === row.cloud)?.label ?? row.cloud;
  return (
    <TableTr>
      <TableTd>
        <div>
          <TextLink href={routes.cloudProvider(row.id)} fw={600}>
            {row.name}
          </TextLink>
          <Text size="xs" c="dimmed">
            {cloud}
          </Text>
        </div>
      </TableTd>
      <TableTd data-label="Status" className={classes.fit}>
        <StateBadge state={row.state} />
      </TableTd>
      <TableTd data-label="Signed in">
        <SignedIn usernames={row.usernames} count={row.authorizationCount} />
      </TableTd>
      <TableTd data-label="Accounts" className={classes.fit}>
        {row.accountCount}
      </TableTd>
      <TableTd data-label="Secret expires" className={classes.fit}>
        <ExpiryText at={row.secretExpiresAt} />
      </TableTd>
      <TableTd className={classes.menu}>
        <Group justify="flex-end">
          <CloudProviderMenu id={row.id} name={row.name} />
        </Group>
      </TableTd>
    </TableTr>
  );
}

function SignedIn({ usernames, count }: { usernames: string[]; count: number }) {
  const [first] = usernames;
  if (!first)
    return (
      <Text size="sm" c="dimmed">
        Nobody yet
      </Text>
    );
  const others = count - 1;
  return (
    <Text size="sm" title={usernames.join(", ")}>
      {first}
      {others > 0 && ` and ${others} more`}
    </Text>
  );
}
