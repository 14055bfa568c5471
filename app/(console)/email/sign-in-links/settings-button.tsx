"use client";

import { IconSettings } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton } from "@/components/acts";
import type { SettingsProps } from "./settings-dialog";

const SettingsDialog = dynamic(() =>
  import("./settings-dialog").then((module) => module.SettingsDialog),
);

export function SettingsButton(props: SettingsProps) {
  return (
    <ActButton
      label="Settings"
      icon={IconSettings}
      needs="providers:write"
      dialog={<SettingsDialog {...props} />}
    />
  );
}
