"use client";

import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import type { ContactListRow } from "@/lib/contacts/lists/schema";
import { ContactListMenu } from "./contact-list-menu";

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
