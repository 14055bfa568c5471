import type { UseFormReturn } from "react-hook-form";
import type { MailHosts } from "@/lib/egress/schema";
import type { TestSchedule } from "@/lib/email-accounts/schema";
import type { MailService } from "@/lib/mail/schema";

/** The form of an account, while it is being filled in. */
export type AccountValues = {
  name: string;
  key: string;
  emailAddress: string;
  contactListId: string | null;
  active: boolean;
  service: MailService;
  modernAuthentication: boolean;
  username: string;
  mailbox: string;
  cloudProviderId: string | null;
  password: string;
  hosts: MailHosts | null;
  description: string;
  testSchedule: TestSchedule;
  captureReplyTo: boolean;
  captureAutomatic: boolean;
};

export type ProviderOption = { id: string; name: string };

export type AccountForm = UseFormReturn<AccountValues>;
