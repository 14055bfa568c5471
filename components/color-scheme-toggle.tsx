"use client";

import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import classes from "./color-scheme-toggle.module.css";

export function ColorSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: true });
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label="Switch between light and dark"
      onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
    >
      <IconSun size={20} stroke={1.6} className={classes.inDark} />
      <IconMoon size={20} stroke={1.6} className={classes.inLight} />
    </ActionIcon>
  );
}
