"use client";

import { Menu } from "@mantine/core";
import { IconBan, IconCircleCheck } from "@tabler/icons-react";
import { OpenMenu } from "@/components/open-menu";
import { type SwitchedPerson, useAdministratorSwitch } from "./use-administrator-switch";

export function AdministratorMenuItems({ person }: { person: SwitchedPerson }) {
  const { label, isBusy, press, dialog } = useAdministratorSwitch(person);
  const Icon = label === "Disable" ? IconBan : IconCircleCheck;
  return (
    <>
      <OpenMenu label={`Actions for ${person.name}`} width={180} isBusy={isBusy}>
        <Menu.Item leftSection={<Icon size={16} />} onClick={press}>
          {label}
        </Menu.Item>
      </OpenMenu>
      {dialog}
    </>
  );
}
