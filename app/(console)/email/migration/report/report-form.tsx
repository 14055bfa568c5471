"use client";

import { Paper, Stack, Text, TextInput } from "@mantine/core";
import { useState, useTransition } from "react";
import { postFile } from "@/app/(console)/post-file";
import { AddressText } from "@/components/address-text";
import { Badge } from "@/components/badge";
import { FormProblem } from "@/components/form-problem";
import { ExternalLink, LinkButton } from "@/components/links";
import { pageAt, routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ActionResult } from "@/lib/http/schema";
import { fileLimits } from "@/lib/kernel/imports/schema";
import { counted } from "@/lib/kernel/text/schema";
import {
  REPORT_MAX_BYTES,
  REPORT_MAX_ROWS,
  type ReportedSender,
  type SmtpAuthReport,
  smtpAuthReportSchema,
} from "@/lib/migration/schema";

export function ReportForm() {
  const [answer, setAnswer] = useState<ActionResult<SmtpAuthReport> | null>(null);
  const [isBusy, start] = useTransition();
  const read = (file: File | undefined) => {
    setAnswer(null);
    if (!file) return;
    const url = "/api/migration/smtpAuthReport";
    start(async () => setAnswer(await postFile(url, file, smtpAuthReportSchema)));
  };
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md" maw={720}>
        <Stack>
          <Text size="sm">
            In the{" "}
            <ExternalLink href="https://admin.exchange.microsoft.com">
              Exchange admin center
            </ExternalLink>
            , open Reports → Mail flow → SMTP AUTH clients, choose 90 days, and export it. Postkey
            needs its column Sender address, and reads Authentication protocol, Messages sent, TLS
            1.0 and TLS 1.1. How the file spells them is unverified.
          </Text>
          <FormProblem problem={answer?.ok === false ? answer.error : null} />
          <TextInput
            type="file"
            label="Report"
            description={fileLimits(REPORT_MAX_ROWS, REPORT_MAX_BYTES)}
            accept=".csv,.txt,.tsv,text/csv"
            disabled={isBusy}
            onChange={(event) => read(event.currentTarget.files?.[0])}
          />
        </Stack>
      </Paper>
      <div role="status">{answer?.ok && <Senders report={answer.data} />}</div>
    </Stack>
  );
}

const SHOWN = 500;

function Senders({ report: { rows, oauth } }: { report: SmtpAuthReport }) {
  if (rows.length + oauth === 0) return <Text>The report has no senders.</Text>;
  const others = oauth > 0 && ` ${counted(oauth, "sender uses", "senders use")} OAuth.`;
  const isUnsure = rows.some(({ authentication }) => authentication === "unknown");
  if (rows.length === 0) return <Text>No sender uses a password.{others}</Text>;
  return (
    <Stack gap="sm">
      <Text>
        {counted(rows.length, "sender uses", "senders use")} a password
        {isUnsure && ", or the report doesn't say"}.{others}
      </Text>
      <Table columns={["Sender", "Signs in with", "Messages", "What to do"]} hasActions>
        {rows.slice(0, SHOWN).map((row) => (
          <SenderRow key={row.line} row={row} />
        ))}
      </Table>
      {rows.length > SHOWN && (
        <Text size="sm" c="dimmed">
          Showing the {SHOWN} that send most.
        </Text>
      )}
    </Stack>
  );
}

function SenderRow({ row }: { row: ReportedSender }) {
  const { senderAddress, authentication, messages, usesOldTls, account } = row;
  const deed = deedOf(row);
  return (
    <tr>
      <td className={classes.address}>
        <AddressText address={senderAddress} />
        {account && (
          <span className={classes.second}>
            <RowLink href={routes.emailAccount(account.id)}>{account.name}</RowLink>
          </span>
        )}
      </td>
      <td data-label="Signs in with">
        {authentication === "basic" ? "Password" : "Not in the report"}{" "}
        {usesOldTls && <Badge tint="yellow">TLS 1.0 or 1.1</Badge>}
      </td>
      <td data-label="Messages" className={classes.fit}>
        {messages?.toLocaleString("en") ?? "Not in the report"}
      </td>
      <td data-label="What to do">{TEXTS[row.next]}</td>
      <td className={classes.action}>
        <LinkButton
          href={deed.href}
          size="xs"
          variant="default"
          aria-label={`${deed.label}: ${senderAddress}`}
        >
          {deed.label}
        </LinkButton>
      </td>
    </tr>
  );
}

const TEXTS: Readonly<Record<ReportedSender["next"], string>> = {
  move: "Its account signs in with a password. Move it.",
  change_service:
    "Its account signs in with a password, at a service without Modern Authentication.",
  replace_elsewhere:
    "Its account has no password here. Something else still sends with one: give it a device of its own.",
  add: "No account has this address. Add it, then give what sends a device of its own.",
};

function deedOf({ next, account, senderAddress }: ReportedSender) {
  if (!account)
    return { label: "Add", href: routes.newEmailAccount({ emailAddress: senderAddress }) };
  if (next === "move") return { label: "Move", href: routes.moveAccount(account.id) };
  if (next === "change_service")
    return { label: "Edit", href: routes.editEmailAccount(account.id) };
  return { label: "New device", href: pageAt(`${routes.devices}/new?account=${account.id}`) };
}
