import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import classes from "@/components/table.module.css";
import { requireUser } from "@/lib/auth/session";
import { listContactLists } from "@/lib/contact-lists/queries";
import type { ContactListRow } from "@/lib/contact-lists/schema";
import { NewListButton } from "../new-list-button";

export const metadata: Metadata = { title: "Contacts Manager" };

export default async function ContactsPage() {
  const lists = await listContactLists(await requireUser());
  return (
    <Page
      title="Contacts Manager"
      description="Lists that email accounts save new senders to."
      actions={lists.length > 0 ? <NewListButton /> : undefined}
    >
      {lists.length === 0 ? (
        <EmptyState
          icon={<IconAddressBook size={40} stroke={1.3} />}
          title="Create your first list"
          action={<NewListButton />}
        >
          An email account saves new senders to its list. A list can also be created while an
          account is added.
        </EmptyState>
      ) : (
        <ListTable lists={lists} />
      )}
    </Page>
  );
}

function ListTable({ lists }: { lists: ContactListRow[] }) {
  return (
    <div className={classes.frame}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
        <TableThead>
          <TableTr>
            <TableTh>List</TableTh>
            <TableTh>Contacts</TableTh>
            <TableTh>Email accounts</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {lists.map(({ id, name, contactCount, accountCount }) => (
            <TableTr key={id}>
              <TableTd>
                <TextLink href={routes.contactList(id)} fw={600}>
                  {name}
                </TextLink>
              </TableTd>
              <TableTd data-label="Contacts">{contactCount.toLocaleString("en")}</TableTd>
              <TableTd data-label="Email accounts">{accountCount}</TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </div>
  );
}
