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
import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";
import { CanOpen } from "./can";
import { pageAt } from "./routes";

// A server component cannot pass Link to a client one, so they are paired here. No prefetch: of
// dynamic pages it would load only the frame.

type To = { href: Route; children: ReactNode };

// Without permission, text stays text and a button is missing.

export function TextLink(props: AnchorProps & To) {
  return (
    <CanOpen href={props.href} otherwise={props.children}>
      <Anchor component={Link} prefetch={false} {...props} />
    </CanOpen>
  );
}

/** Marked by underline, not by colour. */
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

/** To another site, in a tab of its own. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit underline="always" c="inherit">
      {children}
    </Anchor>
  );
}

type LinkButtonProps = ButtonProps &
  To & { onMouseDown?: (event: MouseEvent) => void; onClick?: () => void };

export function LinkButton(props: LinkButtonProps) {
  return (
    <CanOpen href={props.href}>
      <Button component={Link} prefetch={false} {...props} />
    </CanOpen>
  );
}

export function LinkIcon(props: ActionIconProps & To & { "aria-label": string; scroll?: boolean }) {
  return <ActionIcon component={Link} prefetch={false} {...props} />;
}

/** By path: filters, search and page of each list in this tab. */
const left = new Map<string, string>();

export function leaveAs(path: string, params: URLSearchParams): void {
  left.set(path, params.size > 0 ? `?${params}` : "");
}

/** @param href of a list, which is found again as it was left */
export function useAsLeft(href: Route): Route {
  return useSyncExternalStore(
    () => () => {},
    () => pageAt(href + (left.get(href) ?? "")),
    () => href,
  );
}

export function BackLink({ href, ...props }: AnchorProps & To) {
  return <TextLink href={useAsLeft(href)} {...props} />;
}
