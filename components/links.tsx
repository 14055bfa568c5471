"use client";

import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
} from "@mantine/core";
import type { Route } from "next";
import Link from "next/link";
import type { MouseEvent, ReactNode } from "react";

// A server component cannot hand the Link component to a client one: these pair them up once.

type To = { href: Route; children: ReactNode };

export function TextLink(props: AnchorProps & To) {
  return <Anchor component={Link} {...props} />;
}

/** In running text or on a tinted ground: marked by its underline, not by its colour. */
export function InlineLink({ children, href, onClick }: To & { onClick?: () => void }) {
  return (
    <Anchor
      component={Link}
      href={href}
      {...(onClick && { onClick })}
      inherit
      underline="always"
      c="inherit"
    >
      {children}
    </Anchor>
  );
}

type LinkButtonProps = ButtonProps & To & { onMouseDown?: (event: MouseEvent) => void };

export function LinkButton(props: LinkButtonProps) {
  return <Button component={Link} {...props} />;
}

type LinkIconProps = ActionIconProps & To & { "aria-label": string; scroll?: boolean };

export function LinkIcon(props: LinkIconProps) {
  return <ActionIcon component={Link} {...props} />;
}
