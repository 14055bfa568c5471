"use client";

import { Menu } from "@mantine/core";
import {
  IconFirstAidKit,
  IconLogin2,
  IconMailShare,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { DeleteItem, EditItem } from "@/components/menu-items";
import { notifySuccess } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { useCanRepair } from "@/components/repair-needs";
import { pageAt, routes } from "@/components/routes";
import { leaveFor, useAction } from "@/components/use-action";
import type { RepairButton } from "@/lib/remedies/remedy";
import { beginAuthorizationAction } from "../../settings/cloud-providers/actions";
import { setEmailAccountActiveAction } from "./actions";

const ConnectionTestDialog = dynamic(() =>
  import("./connection-test-dialog").then((module) => module.ConnectionTestDialog),
);
const CreateLinksDialog = dynamic(() =>
  import("../sign-in-links/create-links-dialog").then((module) => module.CreateLinksDialog),
);
const DeactivateEmailAccountDialog = dynamic(() =>
  import("./deactivate-email-account-dialog").then((module) => module.DeactivateEmailAccountDialog),
);
const DeleteEmailAccountDialog = dynamic(() =>
  import("./delete-email-account-dialog").then((module) => module.DeleteEmailAccountDialog),
);

export type EmailAccountMenuItemsProps = {
  id: string;
  name: string;
  emailAddress: string;
  isActive: boolean;
  canSignIn: boolean;
  /** What repairs the account, where something stops it. */
  repairs: readonly RepairButton[];
};

export function EmailAccountMenuItems(props: EmailAccountMenuItemsProps) {
  const { id, name, emailAddress, isActive, canSignIn, repairs } = props;
  const [dialog, setDialog] = useState<"test" | "link" | "deactivate" | "delete" | null>(null);
  const { isBusy, run } = useAction();
  const close = () => setDialog(null);
  const signIn = () =>
    run(() => beginAuthorizationAction({ subject: "email_account", emailAccountId: id }), leaveFor);
  const activate = () =>
    run(
      () => setEmailAccountActiveAction({ id, active: true }),
      () => notifySuccess(`${name} is now active.`),
    );
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={200} isBusy={isBusy}>
        <RepairItems repairs={repairs} />
        <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={() => setDialog("test")}>
          Test connection
        </Menu.Item>
        {canSignIn && (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={signIn}>
            Sign in
          </Menu.Item>
        )}
        {canSignIn && (
          <Menu.Item leftSection={<IconMailShare size={16} />} onClick={() => setDialog("link")}>
            Create sign-in link
          </Menu.Item>
        )}
        <EditItem href={routes.editEmailAccount(id)} />
        <Menu.Item
          leftSection={isActive ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={isActive ? () => setDialog("deactivate") : activate}
        >
          {isActive ? "Deactivate" : "Activate"}
        </Menu.Item>
        <DeleteItem onClick={() => setDialog("delete")} />
      </OpenMenu>
      {dialog === "test" && (
        <ConnectionTestDialog id={id} name={name} emailAddress={emailAddress} onClose={close} />
      )}
      {dialog === "link" && <CreateLinksDialog of={{ emailAccountId: id }} onClose={close} />}
      {dialog === "deactivate" && (
        <DeactivateEmailAccountDialog id={id} name={name} onClose={close} />
      )}
      {dialog === "delete" && <DeleteEmailAccountDialog id={id} name={name} onClose={close} />}
    </>
  );
}

/** In other words, or only of use where the result is shown. */
const IN_EVERY_MENU = new Set<RepairButton["kind"]>(["test", "edit_account", "check"]);

/** Those that open a page; testing and signing in are in the menu of every account. */
function RepairItems({ repairs }: { repairs: readonly RepairButton[] }) {
  const canRepair = useCanRepair();
  return repairs.filter(canRepair).flatMap(({ kind, label, does }) =>
    "opens" in does && !IN_EVERY_MENU.has(kind) ? (
      <Menu.Item
        key={label}
        component={Link}
        href={pageAt(does.opens)}
        leftSection={<IconFirstAidKit size={16} />}
      >
        {label}
      </Menu.Item>
    ) : (
      []
    ),
  );
}
