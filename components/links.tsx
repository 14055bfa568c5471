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
import { CanOpen } from "./can";

// A server component cannot hand the Link component to a client one: these pair them up once. They load nothing
// beforehand: of a page that is rendered on request that is its frame alone, and a click asks for all of it anyway.

type To = { href: Route; children: ReactNode };

// What a role may not open is no link for it: text stays as text, and a button is not there.

export function TextLink(props: AnchorProps & To) {
  return (
    <CanOpen href={props.href} otherwise={props.children}>
      <Anchor component={Link} prefetch={false} {...props} />
    </CanOpen>
  );
}

/** In running text or on a tinted ground: marked by its underline, not by its colour. */
export function InlineLink({ children, href, onClick }: To & { onClick?: () => void }) {
  return (
    <CanOpen href={href} otherwise={children}>
      <Anchor
        component={Link}
        prefetch={false}
        href={href}
        {...(onClick && { onClick })}
        inherit
        underline="always"
        c="inherit"
      >
        {children}
      </Anchor>
    </CanOpen>
  );
}

type LinkButtonProps = ButtonProps & To & { onMouseDown?: (event: MouseEvent) => void };

export function LinkButton(props: LinkButtonProps) {
  return (
    <CanOpen href={props.href}>
      <Button component={Link} prefetch={false} {...props} />
    </CanOpen>
  );
}

type LinkIconProps = ActionIconProps & To & { "aria-label": string; scroll?: boolean };

export function LinkIcon(props: LinkIconProps) {
  return <ActionIcon component={Link} prefetch={false} {...props} />;
}
