import {
  IconAddressBook,
  IconAlertTriangle,
  IconApi,
  IconBell,
  IconCloudKey,
  IconHistory,
  IconHome,
  IconKey,
  IconLifebuoy,
  IconLogin2,
  IconMail,
  IconMailShare,
  IconMap2,
  IconPrinter,
  IconTransfer,
  IconUsers,
} from "@tabler/icons-react";
import type { Route } from "next";

type Item = { href: Route; label: string; icon: typeof IconHome };

export const SECTIONS: { label: string; items: Item[] }[] = [
  {
    label: "",
    items: [
      { href: "/", label: "Overview", icon: IconHome },
      { href: "/incidents", label: "Incidents", icon: IconAlertTriangle },
    ],
  },
  {
    label: "Email",
    items: [
      { href: "/email/accounts", label: "Email Accounts", icon: IconMail },
      { href: "/email/devices", label: "Devices", icon: IconPrinter },
      { href: "/email/sign-in-links", label: "Sign-in Links", icon: IconMailShare },
      { href: "/email/migration", label: "Migration", icon: IconTransfer },
    ],
  },
  {
    label: "Contacts",
    items: [{ href: "/contacts", label: "Contacts Manager", icon: IconAddressBook }],
  },
  {
    label: "Settings",
    items: [
      { href: "/settings/cloud-providers", label: "Cloud Providers", icon: IconCloudKey },
      { href: "/settings/alerts", label: "Alerts", icon: IconBell },
      { href: "/settings/api-keys", label: "API Keys", icon: IconKey },
      { href: "/settings/administrators", label: "People", icon: IconUsers },
      { href: "/settings/sign-in", label: "Company sign-in", icon: IconLogin2 },
      { href: "/settings/audit", label: "Audit", icon: IconHistory },
    ],
  },
  {
    label: "Help",
    items: [
      { href: "/help/setup", label: "Setup guide", icon: IconMap2 },
      { href: "/help/errors", label: "Errors", icon: IconLifebuoy },
      { href: "/help/api", label: "API", icon: IconApi },
    ],
  },
];
