import { isoDay } from "@/lib/registrations/credentials/schema";

const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const TIME = "2026-11-27T09:30:00.000Z";

/** What stands in the examples, by the name of the field, with its tag before it where they differ. */
export const FIELD_EXAMPLES: Readonly<Record<string, unknown>> = {
  "Email accounts.name": "Support",
  "Cloud providers.name": "Contoso",
  "Contacts.name": "Zoë Example",
  "Contact lists.name": "Customers",
  "Connection tests.name": "Support",
  "Devices.name": "Scanner, 2nd floor",
  "Email accounts.cloudProviderId": ID,
  "Email accounts.to": true,
  "Messages.to": "zoe@example.com",
  "Messages.subject": "Your order",
  "Messages.text": "Hello Zoë,\n\nyour order has arrived.\n",
  "Contacts.contactListId": ID,
  "Email accounts.address": "https://postkey.example.com/email/accounts",
  "Devices.protocols": ["smtp"],
  "Sign-in links.cloudProviderId": ID,
  "Alert channels.name": "On call",
  "Alert channels.kind": "email_account",
  "Alert channels.recipients": ["oncall@contoso.com"],
  "Alert channels.emailAccountId": ID,
  "Alert channels.targetText": "oncall@contoso.com",
  "Alert channels.from": "",
  key: "SUP",
  emailAddress: "support@contoso.com",
  email: "zoe@example.com",
  username: "support@contoso.com",
  description: "First line",
  clientId: ID,
  tenantId: "7b9f4ad1-52c7-4b3e-9f57-5d0a4c6e8b21",
  clientSecret: "abc8Q~0123456789.abcdefghijklmnop_-~XYZ",
  secretExpiresOn: isoDay(6),
  host: "mail.contoso.com",
  port: 993,
  emailAccountIds: [ID],
  signInLinkIds: [ID],
  usernames: ["support@contoso.com"],
  id: ID,
  version: 1,
  expected: 1,
  access_token: "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9…",
  scope: "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
  expires_in: 3_599,
  email_address: "support@contoso.com",
  messageId: "<2b1f8f3e@contoso.com>",
  from: "zoe@example.com",
  remedyId: "AADSTS7000222",
  "Error catalogue.id": "AADSTS7000222",
  title: "The client secret has expired",
};

/** Of fields that are alike, by their format. */
export const FORMAT_EXAMPLES: Readonly<Record<string, unknown>> = {
  uuid: ID,
  "date-time": TIME,
  date: "2027-01-31",
};
