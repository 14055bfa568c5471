import { Group, Stack } from "@mantine/core";
import { Badge, StateBadge } from "@/components/badge";
import { Can } from "@/components/can";
import { Page } from "@/components/page";
import { whatStops } from "@/lib/email-accounts/repair-object";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { shownState } from "@/lib/remedies/shown-state";
import { signInStands } from "@/lib/sign-ins/schema";
import { AccountDevices } from "../../devices/device-table";
import { EmailAccountMenu } from "../email-account-menu";
import { menuOf } from "../shown-account";
import { About, ContactCapture } from "./account-facts";
import { Connection, History, Tests } from "./connection";
import { FactsAndConnection } from "./connection-test-panel";
import { MailPanel } from "./mail/mail-panel";
import { readShown } from "./shown";
import { Arrived, NotReturned, WhatToDo } from "./what-to-do";

type Props = PageProps<"/email/accounts/[emailAccountId]">;

export default async function EmailAccountPage({ params, searchParams }: Props) {
  const actor = await requireUser();
  const { emailAccountId } = await params;
  const shown = await readShown(actor, emailAccountId, await searchParams);
  const { account, isTested, asked } = shown;
  return (
    <Page
      title={account.name}
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      description={
        <Group gap="xs" mt={6}>
          <Badge tint="indigo">{account.key}</Badge>
          <StateBadge state={shownState(account.state, [whatStops(account)])} />
          <span>
            {account.emailAddress} · {SERVICE_LABELS[account.service]}
          </span>
        </Group>
      }
      actions={<EmailAccountMenu {...menuOf(account)} />}
    >
      <Stack gap="lg">
        {(!isTested || signInStands(account.tokenState)) && <Arrived {...shown} />}
        <NotReturned {...shown} />
        <WhatToDo {...shown} />
        <FactsAndConnection
          hasFailed={asked === "repair_what_test_found"}
          facts={<About {...shown} />}
          connection={<Connection {...shown} />}
        />
        <Can permission="mail:send">
          <MailPanel
            id={account.id}
            emailAddress={account.emailAddress}
            hosts={account.hosts}
            by={account.modernAuthentication ? "token" : "password"}
          />
        </Can>
        <Tests {...shown} />
        <AccountDevices {...shown} />
        <ContactCapture {...shown} />
        <History {...shown} />
      </Stack>
    </Page>
  );
}
