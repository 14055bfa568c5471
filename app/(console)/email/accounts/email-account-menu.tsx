"use client";

import {
  IconFirstAidKit,
  IconMailShare,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type Act, act, deleting, editing } from "@/components/acts";
import { useCanRepair } from "@/components/repair";
import { pageAt, routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import type { RepairButton } from "@/lib/remedies/remedy";
import { signingIn } from "../../settings/cloud-providers/signing-in";
import { deleteEmailAccountAction, setEmailAccountActiveAction } from "./actions";

const ConnectionTestDialog = dynamic(() =>
  import("./connection-test-dialog").then((module) => module.ConnectionTestDialog),
);
const CreateLinksDialog = dynamic(() =>
  import("../sign-in-links/create-links-dialog").then((module) => module.CreateLinksDialog),
);
const WhatStops = dynamic(() => import("./refused-users").then((module) => module.WhatStops));

type EmailAccountMenuProps = {
  id: string;
  name: string;
  emailAddress: string;
  active: boolean;
  canSignIn: boolean;
  repairs: readonly RepairButton[];
};

export function EmailAccountMenu(props: EmailAccountMenuProps) {
  const { id, name, emailAddress, active, canSignIn, repairs } = props;
  const canRepair = useCanRepair();
  return (
    <RowMenu
      label={`Actions for ${name}`}
      needs="accounts:write"
      items={[
        ...repairs.filter(canRepair).map(repairing),
        {
          label: "Test connection",
          icon: IconPlugConnected,
          dialog: <ConnectionTestDialog id={id} name={name} emailAddress={emailAddress} />,
        },
        canSignIn && {
          label: "Sign in",
          ...signingIn({ subject: "email_account", emailAccountId: id }),
        },
        canSignIn && {
          label: "Create sign-in link",
          icon: IconMailShare,
          dialog: <CreateLinksDialog of={{ emailAccountId: id }} />,
        },
        editing(routes.editEmailAccount(id)),
        switching({ id, name, active }),
        deleting({
          name,
          text: <WhatStops id={id} what="delete" />,
          action: () => deleteEmailAccountAction({ id }),
          list: "/email/accounts",
        }),
      ]}
    />
  );
}

/** In other words, or useful only where the result is shown. */
const IN_EVERY_MENU = new Set<RepairButton["kind"]>(["test", "edit_account", "check"]);

function repairing({ kind, label, does }: RepairButton): Act | null {
  if (!("opens" in does) || IN_EVERY_MENU.has(kind)) return null;
  return { label, icon: IconFirstAidKit, href: pageAt(does.opens) };
}

function switching({ id, name, active }: { id: string; name: string; active: boolean }): Act {
  const confirm = {
    title: `Deactivate ${name}?`,
    isDangerous: true,
    text: <WhatStops id={id} what="deactivate" />,
  };
  return {
    label: active ? "Deactivate" : "Activate",
    icon: active ? IconPlayerPause : IconPlayerPlay,
    ...(active && { confirm }),
    run: act(
      () => setEmailAccountActiveAction({ id, active: !active }),
      `${name} is now ${active ? "inactive" : "active"}.`,
    ),
  };
}
