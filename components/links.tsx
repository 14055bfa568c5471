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
import { usePathname } from "next/navigation";
import { type MouseEvent, type ReactNode, useEffect, useSyncExternalStore } from "react";
import { CanOpen } from "./can";
import { pageAt } from "./routes";
import { forget, keep, kept } from "./tab-memory";

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

const LEFT = "left ";

/** @param params filters, search and page of a list */
export function leaveAs(path: string, params: URLSearchParams): void {
  if (params.size > 0) keep(LEFT + path, `?${params}`);
  else forget(LEFT + path);
}

const never = () => () => {};

/** @param href of a list, which is found again as it was left */
export function useAsLeft(href: Route): Route {
  return useSyncExternalStore(
    never,
    () => pageAt(href + (kept(LEFT + href) ?? "")),
    () => href,
  );
}

const CAME_FROM = "came from";
const cameFrom = () => kept(CAME_FROM);

/** A repair may lead over other pages, and over a sign-in elsewhere: the way back leads to the first. */
export function beginRepair(): void {
  if (cameFrom() === null) comeBackHere();
}

function comeBackHere(): void {
  const from = [window.location.pathname, document.title.replace(/ · Postkey$/, "")];
  keep(CAME_FROM, JSON.stringify(from));
}

/** Going elsewhere ends it. */
export function endWayBack(): void {
  forget(CAME_FROM);
}

/** Of links, those within `[data-comes-back]` lead back to their page; those of the frame end a way back. */
export function watchWaysBack(): () => void {
  const look = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link?.closest("[data-comes-back]")) comeBackHere();
    else if (link?.closest("header, nav") && !link.closest("main")) endWayBack();
  };
  document.addEventListener("click", look, true);
  return () => document.removeEventListener("click", look, true);
}

/**
 * From where a way led, back to its start; from pages below, such as Edit, to their own parent.
 * @param parent absent: nothing is above this page, and a way back ends
 */
export function BackLink({
  parent,
  ...props
}: AnchorProps & { parent?: { href: Route; label: string } }) {
  const pathname = usePathname();
  const found = useSyncExternalStore(never, cameFrom, () => null);
  const [from, name, landed]: [Route?, string?, string?] = found ? JSON.parse(found) : [];
  const isBack = !parent || from === pathname;
  useEffect(() => {
    if (isBack) endWayBack();
    else if (from && !landed) keep(CAME_FROM, JSON.stringify([from, name, pathname]));
  }, [isBack, from, name, landed, pathname]);
  const isBelow = landed !== undefined && pathname.startsWith(`${landed}/`);
  const { href, label } = isBack || !from || isBelow ? { ...parent } : { href: from, label: name };
  const above = useAsLeft(href ?? "/");
  return (
    label && (
      <TextLink href={above} {...props}>
        ‹ {label}
      </TextLink>
    )
  );
}
