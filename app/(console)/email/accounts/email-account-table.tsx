import {
  Badge,
  Group,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import { TextLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { SortHeader } from "@/components/sort-header";
import { StateBadge } from "@/components/state-badge";
import classes from "@/components/table.module.css";
import { VerdictBadges } from "@/components/verdict-badges";
import {
  accountState,
  type EmailAccountRow,
  type EmailAccountSort,
  SERVICE_LABELS,
} from "@/lib/email-accounts/schema";
import { type ListParams, sortLink } from "@/lib/paging/schema";
import { EmailAccountMenu } from "./email-account-menu";

type EmailAccountTableProps = {
  rows: EmailAccountRow[];
  params: ListParams<EmailAccountSort>;
  path: string;
};

export function EmailAccountTable({ rows, params, path }: EmailAccountTableProps) {
  return (
    <div className={classes.frame}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
        <TableThead>
          <TableTr>
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            <SortHeader label="Key" {...sortLink(path, params, "key")} />
            <SortHeader label="Address" {...sortLink(path, params, "address")} />
            <TableTh>State</TableTh>
            <TableTh>Provider</TableTh>
            <TableTh>Last test</TableTh>
            <TableTh className={classes.menu} aria-label="Actions" />
          </TableTr>
        </TableThead>
        <TableBody rows={rows} />
      </Table>
    </div>
  );
}

function TableBody({ rows }: { rows: EmailAccountRow[] }) {
  return (
    <TableTbody>
      {rows.map((row) => (
        <TableTr key={row.id}>
          <TableTd>
            <div>
              <TextLink href={routes.emailAccount(row.id)} fw={600}>
                {row.name}
              </TextLink>
              <Text size="xs" c="dimmed">
                {SERVICE_LABELS[row.service]}
              </Text>
            </div>
          </TableTd>
          <TableTd data-label="Key" className={classes.fit}>
            <Badge color="indigo">{row.key}</Badge>
          </TableTd>
          <TableTd data-label="Address" className={classes.wide}>
            <Text size="sm">{row.emailAddress}</Text>
          </TableTd>
          <TableTd data-label="State" className={classes.fit}>
            <StateBadge state={accountState(row)} />
          </TableTd>
          <TableTd data-label="Provider">
            <Provider row={row} />
          </TableTd>
          <TableTd data-label="Last test" className={classes.fit}>
            <LastTest row={row} />
          </TableTd>
          <TableTd className={classes.menu}>
            <Group justify="flex-end">
              <EmailAccountMenu
                id={row.id}
                name={row.name}
                isActive={row.active}
                canAuthenticate={row.cloudProviderId !== null}
              />
            </Group>
          </TableTd>
        </TableTr>
      ))}
    </TableTbody>
  );
}

function Provider({ row }: { row: EmailAccountRow }) {
  if (!row.cloudProviderId || !row.cloudProviderName)
    return (
      <Text size="sm" c="dimmed">
        {row.modernAuthentication ? "None" : "Password"}
      </Text>
    );
  return (
    <TextLink href={routes.cloudProvider(row.cloudProviderId)} size="sm">
      {row.cloudProviderName}
    </TextLink>
  );
}

function LastTest({ row }: { row: EmailAccountRow }) {
  if (!row.lastTestedAt)
    return (
      <Text size="sm" c="dimmed">
        Never
      </Text>
    );
  return (
    <div>
      <VerdictBadges imap={row.imapVerdict} smtp={row.smtpVerdict} pop3={row.pop3Verdict} />
      <Text size="xs" c="dimmed" mt={2}>
        <RelativeTime at={row.lastTestedAt} />
      </Text>
    </div>
  );
}
