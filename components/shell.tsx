"use client";

import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import type { Route } from "next";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { Brand } from "./brand";
import { useCanOpen } from "./can";
import type { MenuButtonProps } from "./menu-button";
import { pageAt } from "./routes";
import { RowMenu } from "./row-menu";
import { SECTIONS } from "./sections";
import classes from "./shell.module.css";
import { forgetUser } from "./tab-memory";

type Counts = Partial<Record<Route, number>>;

type ShellProps = {
  userName: string;
  signOut: () => Promise<void>;
  counts?: Counts;
  version: string;
  search: ReactNode;
  children: ReactNode;
};

export function Shell({ userName, signOut, counts = {}, version, search, children }: ShellProps) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the navigation
  useEffect(close, [pathname]);
  useBeginAtTop(pathname);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={0}
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Navigation"
              aria-expanded={isOpen}
            />
            <Link
              href="/"
              prefetch={false}
              className={classes.brand}
              aria-label="Postkey, Overview"
            >
              <Brand />
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {search}
            <ColorSchemeToggle />
            <UserMenu userName={userName} signOut={signOut} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation pathname={pathname} counts={counts} version={version} />
      </AppShell.Navbar>
      <AppShell.Main id="main" className={classes.main}>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

/** Next.js does not scroll pages that are scrolled by less than the header. */
function useBeginAtTop(pathname: string): void {
  const wentBackTo = useRef<string | null>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    const remember = () => {
      wentBackTo.current = window.location.pathname;
    };
    window.addEventListener("popstate", remember);
    return () => window.removeEventListener("popstate", remember);
  }, []);
  useLayoutEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const isBack = wentBackTo.current === pathname;
    wentBackTo.current = null;
    if (!isBack && window.location.hash === "") window.scrollTo({ top: 0, behavior: "instant" });
  }, [pathname]);
}

function ColorSchemeToggle() {
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

type NavigationProps = { pathname: string; counts: Counts; version: string };

function Navigation({ pathname, counts, version }: NavigationProps) {
  const canOpen = useCanOpen();
  const sections = SECTIONS.map(({ label, items }) => ({
    label,
    items: items.filter(({ href }) => canOpen(href)),
  })).filter(({ items }) => items.length > 0);
  return (
    <div className={classes.sections}>
      {sections.map(({ label, items }) => (
        <div key={label} className={classes.section}>
          {label && <div className={classes.label}>{label}</div>}
          {items.map(({ href, label, icon: Icon }) => {
            const isActive = href === "/" ? pathname === "/" : pathname.startsWith(href);
            const count = counts[href] ?? 0;
            return (
              <Link
                key={href}
                href={href}
                prefetch={false}
                className={classes.link}
                {...(isActive && { "aria-current": "page" })}
              >
                <Icon size={18} stroke={1.6} aria-hidden />
                {label}
                {count > 0 && (
                  <span className={classes.count}>
                    {count.toLocaleString("en")}
                    <span className={classes.unseen}> open</span>
                  </span>
                )}
                <Pending />
              </Link>
            );
          })}
        </div>
      ))}
      <div className={classes.version}>Postkey {version}</div>
    </div>
  );
}

function Pending() {
  const { pending } = useLinkStatus();
  return <span className={classes.pending} data-pending={pending || undefined} aria-hidden />;
}

type UserMenuProps = { userName: string; signOut: () => Promise<void> };

export function UserMenu({ userName, signOut }: UserMenuProps) {
  const leave = () => {
    forgetUser();
    void signOut();
  };
  return (
    <RowMenu
      label={userName}
      title={userName}
      button={UserButton}
      items={[
        { label: "Your profile", icon: IconUserCircle, href: pageAt("/profile") },
        { label: "Sign out", icon: IconLogout, press: leave },
      ]}
    />
  );
}

function UserButton({ label, isBusy, ...props }: MenuButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-busy={isBusy}
      {...props}
      className={classes.user}
    >
      <span aria-hidden>{initials(label)}</span>
      <VisuallyHidden>Signed in as {label}</VisuallyHidden>
    </button>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map((word) => [...word][0]?.toLocaleUpperCase("en") ?? "").join("");
}
