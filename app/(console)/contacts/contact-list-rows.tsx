"use client";

import { IconEdit, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton, AddButton } from "@/components/acts";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ContactListRow } from "@/lib/contacts/lists/schema";

const ListDialog = dynamic(() => import("./list-dialog").then((m) => m.ListDialog));
const DeleteListDialog = dynamic(() => import("./list-dialog").then((m) => m.DeleteListDialog));

/** Made in the browser: server-rendered, each row would be sent twice. */
export function ContactListRows({ lists }: { lists: readonly ContactListRow[] }) {
  return lists.map(({ id, name, version, contactCount, accountCount }) => (
    <tr key={id}>
      <td>
        <RowLink href={routes.contactList(id)} look="name">
          {name}
        </RowLink>
      </td>
      <td data-label="Contacts">{contactCount.toLocaleString("en")}</td>
      <td data-label="Email accounts">
        {accountCount === 0 ? (
          0
        ) : (
          <RowLink href={routes.accountsOfList(id)}>{accountCount.toLocaleString("en")}</RowLink>
        )}
      </td>
      <td className={classes.menu}>
        <ContactListMenu id={id} name={name} version={version} />
      </td>
    </tr>
  ));
}

export function ContactListMenu(list: { id: string; name: string; version: number }) {
  return (
    <RowMenu
      label={`Actions for ${list.name}`}
      needs="contacts:write"
      items={[
        { label: "Rename", icon: IconEdit, dialog: <ListDialog list={list} /> },
        {
          label: "Delete",
          icon: IconTrash,
          isDangerous: true,
          dialog: <DeleteListDialog id={list.id} name={list.name} />,
        },
      ]}
    />
  );
}

export function NewListButton({ look }: { look: "add" | "button" }) {
  const act = { label: "New list", dialog: <ListDialog /> };
  return look === "add" ? <AddButton {...act} /> : <ActButton mt="md" variant="filled" {...act} />;
}
